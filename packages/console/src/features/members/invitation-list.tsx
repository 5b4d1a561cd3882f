import type { Invitation } from '@grantry/sdk/transport'
import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import { roleWord } from './roles.ts'
import { useMemberNames } from './use-member-names.ts'

/** Invitations that nobody has taken yet. */
export function InvitationList() {
  const client = useClient()
  const queries = useQueryClient()
  const nameOf = useMemberNames()
  const [ending, setEnding] = useState<Invitation | null>(null)
  const query = useList<Invitation>(['invitations', 'list'], (page, signal) =>
    client.invitations.list(page, { signal }),
  )
  const who = ({ email }: Invitation) => email ?? 'whoever opens the sign-up link'
  const columns: Column<Invitation>[] = [
    { head: 'For', cell: (one) => <span title={who(one)}>{who(one)}</span> },
    { head: 'Role', cell: ({ role }) => roleWord(role), width: '7rem' },
    { head: 'Invited by', cell: ({ invited_by }) => nameOf(invited_by) ?? '—', width: '12rem', wide: true },
    { head: 'Made', cell: ({ created_at }) => <When at={created_at} />, width: '9rem', wide: true },
    { head: 'Ends', cell: ({ expires_at }) => <When at={expires_at} />, width: '8rem', wide: true },
    {
      head: 'Actions',
      width: '8rem',
      cell: (one) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={`Take back the invitation of ${who(one)}`}
          onClick={() => setEnding(one)}
        >
          Take back
        </Button>
      ),
    },
  ]
  return (
    <>
      <Rows
        label="Open invitations"
        query={query}
        columns={columns}
        empty={<Text c="dimmed">None is open.</Text>}
      />
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="Take this invitation back?"
        action="Take back"
        onConfirm={async () => {
          await client.invitations.delete(ending!.id)
          tell('The invitation is taken back.')
          await queries.invalidateQueries({ queryKey: ['invitations'] })
        }}
      >
        Its link stops working. You can invite the person again.
      </Ask>
    </>
  )
}
