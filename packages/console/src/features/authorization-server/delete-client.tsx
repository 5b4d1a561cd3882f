import type { OAuthClient } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ask } from '../../parts/ask.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'
import { clientName } from './list-clients.tsx'

export function DeleteClient({ client }: { client: OAuthClient }) {
  const api = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure()
  const name = clientName(client)
  return (
    <Section
      title="Delete it"
      sentence="Everything that people allowed it ends with it, and all its tokens, at once."
      action={
        <Button color="red" variant="outline" onClick={open}>
          Delete client
        </Button>
      }
    >
      <Ask
        opened={opened}
        onClose={close}
        title="Delete this OAuth client?"
        action="Delete client"
        typed={name}
        onConfirm={async () => {
          await api.oauthClients.delete(client.id)
          tell(`${name} is deleted. Its tokens no longer work.`)
          await navigate({ to: '/apps', search: { tab: 'clients' } })
          queries.removeQueries({ queryKey: ['oauth-clients', client.id] })
          await queries.invalidateQueries({ queryKey: ['oauth-clients'] })
        }}
      >
        All that people allowed it ends, and every token of its. This cannot be undone.
      </Ask>
    </Section>
  )
}
