import type { WebhookEndpoint } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Empty } from '../../parts/empty.tsx'
import { LinkAnchor } from '../../parts/link.tsx'
import { OnlyWith } from '../../parts/only-with.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Status } from '../../parts/status.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { CreateEndpoint } from './create-endpoint.tsx'
import { inWords, stateOf } from './words.ts'

/** Where events are posted to. */
export default function Webhooks() {
  const [making, { open, close }] = useDisclosure()
  return (
    <Page
      title="Webhooks"
      sentence="What becomes of connections is posted to your server: signed, in order, and tried again for 27 hours."
      action={useMay('webhooks:write') && <Button onClick={open}>New endpoint</Button>}
    >
      <OnlyWith scope="webhooks:write" what="Webhooks">
        <Endpoints />
        <CreateEndpoint opened={making} onClose={close} />
      </OnlyWith>
    </Page>
  )
}

function Endpoints() {
  const client = useClient()
  const query = useList<WebhookEndpoint>(['webhooks', 'list'], (page, signal) =>
    client.webhookEndpoints.list(page, { signal }),
  )
  return (
    <Rows
      label="Webhook endpoints"
      query={query}
      columns={columns}
      empty={
        <Empty title="No webhook endpoints">
          Make one, and your server hears when somebody connects an account, when a connection has to be
          connected again, and when it ends.
        </Empty>
      }
    />
  )
}

const columns: Column<WebhookEndpoint>[] = [
  {
    head: 'Address',
    cell: ({ id, url }) => (
      <LinkAnchor to="/webhooks/$id" params={{ id }} title={url}>
        {url}
      </LinkAnchor>
    ),
  },
  {
    head: 'Hears of',
    cell: ({ types }) => <span title={types.join('\n')}>{inWords(types)}</span>,
    width: '10rem',
    wide: true,
  },
  { head: 'Status', cell: (endpoint) => <Status of={stateOf(endpoint)} />, width: '8rem' },
  { head: 'Made', cell: ({ created_at }) => <When at={created_at} />, width: '8rem', wide: true },
]
