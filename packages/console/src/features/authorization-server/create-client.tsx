import type { NewOAuthClient } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { OnlyWith } from '../../parts/only-with.tsx'
import { Page } from '../../parts/page.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { useClient } from '../../session.tsx'
import { ClientForm } from './client-form.tsx'
import { toInput } from './client-values.ts'

export default function CreateClient() {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [made, setMade] = useState<{ id: string; secret: string } | null>(null)
  const show = (id: string) => navigate({ to: '/apps/clients/$id', params: { id } })
  return (
    <Page
      title="New OAuth client"
      sentence="A partner app that signs people in here and acts for them, as far as they allow it."
    >
      <OnlyWith scope="clients:write" what="OAuth clients">
        <ClientForm<NewOAuthClient>
          action="Make client"
          send={(values) => client.oauthClients.create(toInput(values))}
          onDone={({ id, client_secret }) => {
            void queries.invalidateQueries({ queryKey: ['oauth-clients'] })
            if (client_secret) setMade({ id, secret: client_secret })
            else void show(id)
          }}
          aside={
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/apps" search={{ tab: 'clients' }} {...props} />}
            >
              Cancel
            </Button>
          }
        />
      </OnlyWith>
      <SecretOnce
        title="Client secret"
        secret={made?.secret ?? null}
        what="client secret"
        hint="Put it where the partner app reads it from. Its client id is on the next page."
        onClose={() => {
          const { id } = made!
          setMade(null)
          void show(id)
        }}
      />
    </Page>
  )
}
