import type { AuthorizedApp, OAuthClient } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Empty } from '../../parts/empty.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ShowGrant } from './show-grant.tsx'

export const grantee = ({ client }: AuthorizedApp): string => client.client_name ?? client.client_id
export const grantor = ({ subject }: AuthorizedApp): string => subject.email ?? subject.id

/** What people allowed to apps: of all clients, or of one. Who is no admin sees their own. */
export function ListGrants({ client: of }: { client?: OAuthClient }) {
  const client = useClient()
  const queries = useQueryClient()
  const everyone = useMay('admin')
  const [shown, setShown] = useState<AuthorizedApp | null>(null)
  const [ending, setEnding] = useState<AuthorizedApp | null>(null)
  const query = useList<AuthorizedApp>(['authorized-apps', of?.client_id ?? 'all'], (page, signal) =>
    client.authorizedApps.list({ ...page, ...(of && { client_id: of.client_id }) }, { signal }),
  )
  const columns: Column<AuthorizedApp>[] = [
    ...(of ? [] : [{ head: 'App', cell: grantee }]),
    {
      head: 'Allowed by',
      cell: (grant) => (
        <>
          {grantor(grant)} {grant.subject.kind === 'end_user' && '(end user)'}
        </>
      ),
    },
    { head: 'Allowed', width: '9rem', wide: true, cell: ({ created_at }) => <When at={created_at} /> },
    { head: 'Last used', width: '9rem', wide: true, cell: ({ last_used_at }) => <When at={last_used_at} /> },
    {
      head: 'Actions',
      width: '9rem',
      cell: (grant) => (
        <>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => setShown(grant)}
            aria-label={`Show what ${grantee(grant)} may do for ${grantor(grant)}`}
          >
            Show
          </Button>
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            onClick={() => setEnding(grant)}
            aria-label={`End what ${grantor(grant)} allowed ${grantee(grant)}`}
          >
            End
          </Button>
        </>
      ),
    },
  ]
  return (
    <Section
      title={of ? 'Who allowed it' : 'Authorised apps'}
      sentence={
        everyone
          ? 'What members and end users allowed to apps. Ending it ends every token that came of it.'
          : 'What you allowed to apps. Ending it ends every token that came of it.'
      }
    >
      <Rows
        label="Authorised apps"
        query={query}
        columns={columns}
        empty={
          <Empty title="Nothing is allowed yet">
            {of
              ? 'Nobody has allowed this client anything. People are asked when it sends them here to sign in.'
              : 'An app or MCP client that asks for access is listed here as soon as somebody has allowed it.'}
          </Empty>
        }
      />
      {shown && <ShowGrant id={shown.id} title={grantee(shown)} onClose={() => setShown(null)} />}
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="End what was allowed?"
        action="End access"
        onConfirm={async () => {
          await client.authorizedApps.end(ending!.id)
          tell(`${grantee(ending!)} may do nothing for ${grantor(ending!)} any more.`)
          await queries.invalidateQueries({ queryKey: ['authorized-apps'] })
        }}
      >
        {ending
          ? `${grantee(ending)} loses its access for ${grantor(ending)} at once. It can be allowed again.`
          : ''}
      </Ask>
    </Section>
  )
}
