import type { BreakGlass, BreakGlassConnection } from '@grantry/sdk/transport'
import { Anchor, Paper, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Empty } from '../../../parts/empty.tsx'
import { ExportMenu } from '../../../parts/export-menu.tsx'
import { Facts } from '../../../parts/facts.tsx'
import { LinkButton } from '../../../parts/link.tsx'
import { Loaded } from '../../../parts/loaded.tsx'
import { OnlyAdmins } from '../../../parts/only-admins.tsx'
import { Page } from '../../../parts/page.tsx'
import { type Column, Rows } from '../../../parts/rows.tsx'
import { Section } from '../../../parts/section.tsx'
import { Status } from '../../../parts/status.tsx'
import { useList } from '../../../parts/use-list.ts'
import { When } from '../../../parts/when.tsx'
import { useClient, useMay } from '../../../session.tsx'
import { ConnectionLink } from '../connection-link.tsx'
import { criteriaWords, outcomeLooks, outcomeWords } from './words.ts'

const pollMs = 2000

/** One break-glass revocation: how far it is, and what became of each connection. */
export default function ShowBreakGlass() {
  const { id } = useParams({ from: '/break-glass/$id' })
  const client = useClient()
  const query = useQuery({
    queryKey: ['break-glass', id],
    queryFn: ({ signal }) => client.breakGlass.get(id, { signal }),
    enabled: useMay('admin'),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'done' ? pollMs : false),
  })
  return (
    <Page
      title="Break-glass revocation"
      sentence={query.data ? criteriaWords(query.data) : 'What was ended, and what is left to do.'}
      action={
        <LinkButton to="/break-glass" variant="default">
          All of them
        </LinkButton>
      }
    >
      <OnlyAdmins what="Break-glass revocations">
        <Loaded query={query}>
          {(found) => (
            <Stack gap="xl">
              <Paper withBorder px="md" py={4} role="status" aria-label="How far it is">
                <Facts facts={factsOf(found)} />
              </Paper>
              <Report found={found} />
            </Stack>
          )}
        </Loaded>
      </OnlyAdmins>
    </Page>
  )
}

function factsOf(found: BreakGlass): [string, ReactNode][] {
  const { state, connections, outcomes, needs_manual_work, api_key_deleted, by } = found
  const number = (count: number) => count.toLocaleString('en')
  const facts: [string, ReactNode][] = [
    ['State', <Status key="state" of={state} />],
    ['Connections', number(connections)],
    ['Manual work', number(needs_manual_work)],
    ...Object.entries(outcomeWords).flatMap(([name, words]): [string, ReactNode][] => {
      const count = outcomes[name as keyof typeof outcomes]
      return count > 0 ? [[words, number(count)]] : []
    }),
    ['API key', api_key_deleted && 'Ended with it'],
    ['By', by === 'operator' && 'The operator of this deployment'],
    ['Started', <When key="started" at={found.started_at} exact />],
    ['Ended here', found.ended_at && <When at={found.ended_at} exact />],
    ['Done', found.done_at && <When at={found.done_at} exact />],
  ]
  return facts.filter(([, value]) => value)
}

type Row = BreakGlassConnection & { id: string }

function Report({ found }: { found: BreakGlass }) {
  const { id, needs_manual_work, state } = found
  const client = useClient()
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = chosen ?? (needs_manual_work > 0 ? 'manual' : 'all')
  const filter =
    shown === 'manual'
      ? { manual: true }
      : shown === 'all'
        ? {}
        : { outcome: shown as BreakGlassConnection['outcome'] }
  const query = useList<Row>(
    ['break-glass', id, 'connections', shown, state, needs_manual_work],
    async (page, signal) => {
      const { data, next_cursor } = await client.breakGlass.connections(
        id,
        { ...filter, ...page },
        { signal },
      )
      return { data: data.map((one) => ({ ...one, id: one.connection_id })), next_cursor }
    },
  )
  return (
    <Section
      title="Report"
      sentence="What the provider answered for each, and what somebody has to do."
      action={<ExportMenu path={`/api/v1/break-glass/${id}/report`} variant="default" />}
    >
      <Select
        aria-label="Show"
        data={[
          { value: 'manual', label: 'What needs manual work' },
          { value: 'all', label: 'All connections' },
          ...Object.entries(outcomeWords).map(([value, label]) => ({ value, label })),
        ]}
        value={shown}
        onChange={(value) => setChosen(value)}
        allowDeselect={false}
        w={{ base: '100%', xs: '20rem' }}
      />
      <Rows
        label="Report"
        query={query}
        columns={columns}
        empty={
          <Empty title={shown === 'manual' ? 'Nothing needs manual work' : 'No connection'}>
            {shown === 'manual'
              ? 'Every provider that was asked so far has confirmed, or is asked again by itself.'
              : 'None is in this state.'}
          </Empty>
        }
      />
    </Section>
  )
}

const columns: Column<Row>[] = [
  {
    head: 'Connection',
    cell: ({ id, account, end_user_id }) => {
      const name = account.label ?? account.email ?? account.id ?? end_user_id ?? id
      return (
        <ConnectionLink id={id} title={name}>
          {name}
        </ConnectionLink>
      )
    },
  },
  {
    head: 'Integration',
    cell: ({ integration_label, provider }) => (
      <span title={integration_label ?? ''}>{integration_label ?? provider ?? '—'}</span>
    ),
    width: '10rem',
    wide: true,
  },
  { head: 'Outcome', cell: ({ outcome }) => <Status of={outcomeLooks[outcome]} />, width: '10rem' },
  {
    head: 'Answer',
    cell: ({ answer }) => {
      if (!answer) return '—'
      const words = [answer.status, answer.error, answer.description].filter(Boolean).join(' ')
      return <span title={words}>{words || 'none came'}</span>
    },
    width: '10rem',
    wide: true,
  },
  {
    head: 'What to do',
    cell: ({ todo, todo_url }) =>
      todo === null ? (
        '—'
      ) : todo_url === null ? (
        <span title={todo}>{todo}</span>
      ) : (
        <Anchor href={todo_url} target="_blank" rel="noreferrer" title={todo}>
          {todo}
        </Anchor>
      ),
    wide: true,
  },
]
