import { Button } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { useMay } from '../../session.tsx'
import { ConnectLink, type MadeLink } from './connect-link.tsx'
import { InvitationForm } from './invitation-form.tsx'
import { useIntegrationsQuery } from './use-integrations.ts'

/** Makes a connect link, for an end user to open or to be opened here. */
export default function InviteConnection() {
  const given = useSearch({ from: '/connections/new' })
  const [link, setLink] = useState<MadeLink | null>(null)
  const integrations = useIntegrationsQuery()
  const may = useMay('connections:write')
  return (
    <Page
      title="Connect an account"
      sentence="Make a link that asks a person for access to their account, or open it yourself."
    >
      {!may ? (
        <Empty title="Your role makes no connections">
          Ask an owner or an admin of this workspace for the role of a developer.
        </Empty>
      ) : link ? (
        <ConnectLink
          link={link}
          again={
            <Button variant="default" onClick={() => setLink(null)}>
              Make another link
            </Button>
          }
        />
      ) : (
        <Loaded query={integrations}>
          {(all) => {
            const usable = all.filter(({ grant_type }) => grant_type === 'authorization_code')
            return usable.length === 0 ? (
              <NoIntegration />
            ) : (
              <InvitationForm integrations={usable} given={given} onMade={setLink} />
            )
          }}
        </Loaded>
      )}
    </Page>
  )
}

function NoIntegration() {
  return (
    <Empty
      title="There is no integration to connect to"
      action={
        <Button component={Link} to="/integrations/new">
          Add an integration
        </Button>
      }
    >
      An integration is your OAuth app at a service. Accounts are connected through one whose grant type is
      authorization code.
    </Empty>
  )
}
