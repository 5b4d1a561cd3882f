import type { WebhookDelivery } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CopyText } from '../../parts/copy.tsx'
import { Empty } from '../../parts/empty.tsx'
import { wordsOf } from '../../parts/fault.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { Status } from '../../parts/status.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import { typeWords } from './words.ts'

/** What was sent to one endpoint, and what came back. */
export function Deliveries({ endpoint }: { endpoint: string }) {
  const client = useClient()
  const queries = useQueryClient()
  const renew = () => queries.invalidateQueries({ queryKey: ['webhooks'] })
  const query = useList<WebhookDelivery>(['webhooks', endpoint, 'deliveries'], (page, signal) =>
    client.webhookEndpoints.deliveries(endpoint, page, { signal }),
  )
  const again = useMutation({
    mutationFn: (delivery: string) => client.webhookEndpoints.redeliver(endpoint, delivery),
    onSuccess: () => {
      tell('It is sent again, under the same id.')
      return renew()
    },
    onError: (error) => tell(wordsOf(error).detail),
  })
  const columns: Column<WebhookDelivery>[] = [
    {
      head: 'Event',
      cell: ({ type }) => <span title={type}>{typeWords[type] ?? type}</span>,
    },
    {
      head: 'Id',
      cell: ({ id }) => <CopyText text={id} what={`message id ${id}`} />,
      width: '4rem',
      wide: true,
    },
    { head: 'Status', cell: ({ status }) => <Status of={looks[status]} />, width: '8rem' },
    { head: 'Last answer', cell: lastAnswer, wide: true, width: '10rem' },
    {
      head: 'Last try',
      cell: ({ tries }) => <When at={tries.at(-1)?.at} never="not yet" />,
      width: '8rem',
      wide: true,
    },
    {
      head: 'Actions',
      width: '8.5rem',
      cell: ({ id, type }) => (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={again.isPending && again.variables === id}
          onClick={() => again.mutate(id)}
          aria-label={`Send again: ${typeWords[type] ?? type}, ${id}`}
        >
          Send again
        </Button>
      ),
    },
  ]
  return (
    <Section
      title="Messages"
      sentence="Newest first, of the last 30 days. Receivers know a message by its id, which stays the same."
      action={
        <Button variant="default" onClick={() => void renew()}>
          Refresh
        </Button>
      }
    >
      <Rows
        label="Messages"
        query={query}
        columns={columns}
        empty={<Empty title="Nothing sent yet">The next event that it hears of will stand here.</Empty>}
      />
    </Section>
  )
}

const looks = { pending: 'waiting', delivered: 'delivered', failed: 'given_up' } as const

function lastAnswer({ tries }: WebhookDelivery) {
  const last = tries.at(-1)
  if (!last) return '—'
  const words = [last.status ?? last.error, last.answer].filter(Boolean).join(' ')
  return <span title={words}>{words}</span>
}
