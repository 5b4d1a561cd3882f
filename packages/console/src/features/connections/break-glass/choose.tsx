import type { BreakGlass, BreakGlassCriteria, BreakGlassPreview } from '@grantry/sdk/transport'
import { Alert, Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Ask } from '../../../parts/ask.tsx'
import { Empty } from '../../../parts/empty.tsx'
import { Fault } from '../../../parts/fault.tsx'
import { LinkAnchor } from '../../../parts/link.tsx'
import { OnlyAdmins } from '../../../parts/only-admins.tsx'
import { Page } from '../../../parts/page.tsx'
import { type Column, Rows } from '../../../parts/rows.tsx'
import { Section } from '../../../parts/section.tsx'
import { Status } from '../../../parts/status.tsx'
import { useList } from '../../../parts/use-list.ts'
import { When } from '../../../parts/when.tsx'
import { useClient } from '../../../session.tsx'
import { CriteriaFields } from './criteria-fields.tsx'
import { criteriaWords } from './words.ts'

/** Ending many connections at once, and what was ended so before. */
export default function BreakGlassPage() {
  return (
    <Page
      title="Break-glass"
      sentence="When something has leaked: end many connections at once, here and at their providers."
    >
      <OnlyAdmins what="Break-glass revocations">
        <Choose />
        <Earlier />
      </OnlyAdmins>
    </Page>
  )
}

function Choose() {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [criteria, setCriteria] = useState<BreakGlassCriteria>({})
  const [force, setForce] = useState(false)
  const [deleteKey, setDeleteKey] = useState(false)
  const [asking, { open, close }] = useDisclosure()
  const count = useMutation({
    mutationFn: () => client.breakGlass.preview({ criteria }),
    gcTime: 0,
  })
  const found = count.data
  const isEmpty = Object.keys(criteria).length === 0
  const key = criteria.api_key_id
  const change = (next: BreakGlassCriteria) => {
    // What was counted was another choice.
    count.reset()
    setCriteria(next)
    if (next.api_key_id === undefined) setDeleteKey(false)
  }
  return (
    <Section
      title="Which connections"
      sentence="All that you fill in must fit. Nothing ends before you have seen how many there are."
    >
      <Paper withBorder p="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            count.mutate()
          }}
        >
          <Stack>
            <CriteriaFields criteria={criteria} onChange={change} />
            <Checkbox
              label="Revoke also what others live on"
              description="Some providers end everything that an account has granted to an OAuth app. Without this, such connections are ended here only, and are named in the report."
              checked={force}
              onChange={(event) => setForce(event.currentTarget.checked)}
            />
            {key !== undefined && (
              <Checkbox
                label="End this API key first"
                checked={deleteKey}
                onChange={(event) => setDeleteKey(event.currentTarget.checked)}
              />
            )}
            <Group>
              <Button type="submit" variant="default" disabled={isEmpty} loading={count.isPending}>
                Count connections
              </Button>
            </Group>
            {count.error && <Fault error={count.error} />}
            {found && <Counted found={found} />}
            {found && (found.connections > 0 || deleteKey) && (
              <Group>
                <Button color="red" onClick={open}>
                  {`End ${amount(found.connections)}`}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Paper>
      {found && (
        <Ask
          opened={asking}
          onClose={close}
          title={`End ${amount(found.connections)}?`}
          action="End connections"
          typed={String(found.connections)}
          onConfirm={async () => {
            const { id } = await client.breakGlass.start(
              { criteria, force, delete_api_key: deleteKey },
              { timeout: 120 },
            )
            await navigate({ to: '/break-glass/$id', params: { id } })
            for (const name of ['break-glass', 'connections', 'overview', 'api-keys'])
              void queries.invalidateQueries({ queryKey: [name] })
          }}
        >
          Their tokens work nowhere here from then on, and each is revoked at its provider. This cannot be
          undone: their owners have to connect again.
        </Ask>
      )}
    </Section>
  )
}

function Counted({ found }: { found: BreakGlassPreview }) {
  const { connections, groups, log_since } = found
  if (connections === 0) return <Alert variant="outline">No living connection fits.</Alert>
  return (
    <Alert variant="outline" color="red" title={`${amount(connections)} would end`} role="status">
      <Stack gap={4}>
        {groups.map(({ integration_id, label, connections: some, revocable }) => (
          <Text key={integration_id} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {`${some.toLocaleString('en')} of ${label ?? integration_id}${revocable ? '' : ', which has no way to revoke: manual work'}`}
          </Text>
        ))}
        {log_since && (
          <Text size="sm">
            By the audit log, which goes back to <When at={log_since} exact />.
          </Text>
        )}
      </Stack>
    </Alert>
  )
}

const amount = (count: number) => `${count.toLocaleString('en')} connection${count === 1 ? '' : 's'}`

function Earlier() {
  const client = useClient()
  const query = useList<BreakGlass>(['break-glass', 'list'], (page, signal) =>
    client.breakGlass.list(page, { signal }),
  )
  return (
    <Section title="Earlier ones" sentence="What was ended so, and what is left to do.">
      <Rows
        label="Break-glass revocations"
        query={query}
        columns={columns}
        empty={
          <Empty title="Never needed yet">
            Try it before you need it: count what a leaked API key has read, without ending it.
          </Empty>
        }
      />
    </Section>
  )
}

const columns: Column<BreakGlass>[] = [
  {
    head: 'What',
    cell: (one) => (
      <LinkAnchor to="/break-glass/$id" params={{ id: one.id }} title={criteriaWords(one)}>
        {criteriaWords(one)}
      </LinkAnchor>
    ),
  },
  { head: 'State', cell: ({ state }) => <Status of={state} />, width: '10rem' },
  {
    head: 'Connections',
    cell: ({ connections }) => connections.toLocaleString('en'),
    width: '7rem',
    wide: true,
  },
  {
    head: 'Manual work',
    cell: ({ needs_manual_work }) => needs_manual_work.toLocaleString('en'),
    width: '7rem',
    wide: true,
  },
  { head: 'Started', cell: ({ started_at }) => <When at={started_at} />, width: '8rem', wide: true },
]
