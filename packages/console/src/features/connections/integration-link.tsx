import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useIntegrations } from './use-integrations.ts'

/** An integration by its label, leading to its page. */
export function IntegrationLink({ id }: { id: string }) {
  const label = useIntegrations().find((one) => one.id === id)?.label
  return (
    <Anchor renderRoot={(props) => <Link {...props} to="/integrations/$id" params={{ id }} />}>
      {label ?? id}
    </Anchor>
  )
}
