import type { OAuthClient } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'
import { ClientForm } from './client-form.tsx'
import { toChanges, toValues } from './client-values.ts'

export function ChangeClient({ client, onClose }: { client: OAuthClient; onClose: () => void }) {
  const api = useClient()
  const queries = useQueryClient()
  return (
    <Section
      title="Change it"
      sentence="Where it loses a scope, a grant type or its way to prove itself, the access tokens that it holds end at once."
    >
      <ClientForm<OAuthClient>
        initial={toValues(client)}
        action="Save changes"
        send={(values) => api.oauthClients.update(client.id, toChanges(values))}
        onDone={async () => {
          await queries.invalidateQueries({ queryKey: ['oauth-clients'] })
          tell('The client is changed.')
          onClose()
        }}
        aside={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      />
    </Section>
  )
}
