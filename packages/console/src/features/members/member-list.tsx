import type { Member } from '@grantry/sdk/transport'
import { Group, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Action, Actions } from '../../parts/actions.tsx'
import { Ask } from '../../parts/ask.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useSession } from '../../session.tsx'
import { EditMember } from './edit-member.tsx'
import { MemberSessions } from './member-sessions.tsx'
import { roleWord } from './roles.ts'

type Doing = { what: 'edit' | 'sessions' | 'remove'; member: Member } | null

/** Everyone who signs in to the workspace. Owners are for owners to change. */
export function MemberList() {
  const client = useClient()
  const queries = useQueryClient()
  const me = useSession().member
  const [doing, setDoing] = useState<Doing>(null)
  const done = () => setDoing(null)
  const query = useList<Member>(['members', 'list'], (page, signal) => client.members.list(page, { signal }))

  const actionsFor = (member: Member): Action[] => {
    const mayChange = member.role !== 'owner' || me.role === 'owner'
    return [
      ...(mayChange
        ? [{ label: 'Change name or role …', onClick: () => setDoing({ what: 'edit', member }) }]
        : []),
      { label: 'Sessions …', onClick: () => setDoing({ what: 'sessions', member }) },
      ...(mayChange && member.id !== me.id
        ? [{ label: 'Remove …', onClick: () => setDoing({ what: 'remove', member }), danger: true }]
        : []),
    ]
  }
  const columns: Column<Member>[] = [
    {
      head: 'Member',
      cell: ({ id, name, email }) => (
        <span title={`${name ?? ''} ${email}`.trim()}>
          {name ?? email}
          {id === me.id && (
            <Text span c="dimmed">
              {' '}
              (you)
            </Text>
          )}
        </span>
      ),
    },
    { head: 'E-mail', cell: ({ email }) => <span title={email}>{email}</span>, wide: true },
    { head: 'Role', cell: ({ role }) => roleWord(role), width: '7rem' },
    {
      head: 'Signs in by',
      cell: ({ has_password }) => (has_password ? 'password' : 'your provider'),
      width: '8rem',
      wide: true,
    },
    {
      head: 'Last signed in',
      cell: ({ last_signed_in_at }) => <When at={last_signed_in_at} never="not yet" />,
      width: '9rem',
      wide: true,
    },
    {
      head: 'Actions',
      width: '6rem',
      cell: (member) => (
        <Group>
          <Actions of={member.name ?? member.email} actions={actionsFor(member)} />
        </Group>
      ),
    },
  ]
  const member = doing?.member
  return (
    <>
      <Rows label="Members" query={query} columns={columns} empty={null} />
      {doing?.what === 'edit' && <EditMember member={doing.member} onClose={done} />}
      {doing?.what === 'sessions' && <MemberSessions member={doing.member} onClose={done} />}
      <Ask
        opened={doing?.what === 'remove'}
        onClose={done}
        title={`Remove ${member?.name ?? member?.email}?`}
        action="Remove member"
        typed={member?.email ?? ''}
        onConfirm={async () => {
          await client.members.delete(member!.id)
          tell(`${member!.name ?? member!.email} is removed and signed out everywhere.`)
          await queries.invalidateQueries({ queryKey: ['members'] })
        }}
      >
        They are signed out everywhere, and what they allowed to apps ends. API keys that they made work on.
      </Ask>
    </>
  )
}
