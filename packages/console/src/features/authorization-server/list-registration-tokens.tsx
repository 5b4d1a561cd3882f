import type { RegistrationToken } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Empty } from '../../parts/empty.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import { CreateRegistrationToken } from './create-registration-token.tsx'

/** What clients register with that are to belong to this workspace (RFC 7591 §3). */
export function ListRegistrationTokens() {
  const client = useClient()
  const queries = useQueryClient()
  const [making, { open, close }] = useDisclosure()
  const [ending, setEnding] = useState<RegistrationToken | null>(null)
  const query = useList<RegistrationToken>(['registration-tokens'], (page, signal) =>
    client.registrationTokens.list(page, { signal }),
  )
  const columns: Column<RegistrationToken>[] = [
    { head: 'Name', cell: ({ name }) => <span title={name}>{name}</span> },
    { head: 'Made', width: '9rem', wide: true, cell: ({ created_at }) => <When at={created_at} /> },
    { head: 'Last used', width: '9rem', wide: true, cell: ({ last_used_at }) => <When at={last_used_at} /> },
    { head: 'Ends', width: '9rem', wide: true, cell: ({ expires_at }) => <When at={expires_at} /> },
    {
      head: 'Actions',
      width: '7rem',
      cell: (token) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          onClick={() => setEnding(token)}
          aria-label={`Delete ${token.name}`}
        >
          Delete
        </Button>
      ),
    },
  ]
  return (
    <Section
      title="Registration tokens"
      sentence="A client that registers itself with one belongs to this workspace: nobody of another can use it."
      action={
        <Button variant="default" onClick={open}>
          New registration token
        </Button>
      }
    >
      <Rows
        label="Registration tokens"
        query={query}
        columns={columns}
        empty={
          <Empty title="No registration tokens">
            Make one for software that registers itself as a client and can be given an initial access token.
          </Empty>
        }
      />
      <CreateRegistrationToken opened={making} onClose={close} />
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="Delete this registration token?"
        action="Delete token"
        typed={ending?.name ?? ''}
        onConfirm={async () => {
          await client.registrationTokens.delete(ending!.id)
          tell(`${ending!.name} is deleted: nothing registers with it any more.`)
          await queries.invalidateQueries({ queryKey: ['registration-tokens'] })
        }}
      >
        Nothing can register with it afterwards. Clients that registered with it stay.
      </Ask>
    </Section>
  )
}
