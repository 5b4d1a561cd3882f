import type { WebhookEndpoint } from '@grantry/sdk/transport'
import { Alert, Button, Group, Paper, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { Fault } from '../../parts/fault.tsx'
import { LinkButton } from '../../parts/link.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { OnlyWith } from '../../parts/only-with.tsx'
import { Page } from '../../parts/page.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { Section } from '../../parts/section.tsx'
import { Status } from '../../parts/status.tsx'
import { tell } from '../../parts/tell.tsx'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { ChangeEndpoint } from './change-endpoint.tsx'
import { Deliveries } from './deliveries.tsx'
import { stateOf, stopWords, typeWords } from './words.ts'

/** One endpoint: what it hears of, what was sent, its secret, its end. */
export default function ShowEndpoint() {
  const { id } = useParams({ from: '/webhooks/$id' })
  const client = useClient()
  const query = useQuery({
    queryKey: ['webhooks', id],
    queryFn: ({ signal }) => client.webhookEndpoints.get(id, { signal }),
    enabled: useMay('webhooks:write'),
  })
  return (
    <Page
      title="Webhook endpoint"
      sentence={query.data?.url ?? 'Where events are posted to.'}
      action={
        <LinkButton to="/webhooks" variant="default">
          All webhooks
        </LinkButton>
      }
    >
      <OnlyWith scope="webhooks:write" what="Webhooks">
        <Loaded query={query}>{(found) => <Endpoint endpoint={found} />}</Loaded>
      </OnlyWith>
    </Page>
  )
}

function Endpoint({ endpoint }: { endpoint: WebhookEndpoint }) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [changing, change] = useDisclosure()
  const [rotating, rotate] = useDisclosure()
  const [ending, end] = useDisclosure()
  const [secret, setSecret] = useState<string | null>(null)
  const { id, url, enabled } = endpoint
  const renew = () => queries.invalidateQueries({ queryKey: ['webhooks'] })
  const turn = useMutation({
    mutationFn: (on: boolean) => client.webhookEndpoints.update(id, { enabled: on }),
    onSuccess: async ({ enabled: on }) => {
      tell(on ? 'It goes on; what waited is sent now.' : 'It is stopped.', () => turn.mutate(!on))
      await renew()
    },
  })
  const stopped = stopWords(endpoint)
  return (
    <Stack gap="xl">
      {stopped && (
        <Alert color="yellow" variant="outline" role="status">
          {stopped}
        </Alert>
      )}
      {turn.error && <Fault error={turn.error} />}
      <Section
        title="What it is"
        action={
          <Group gap="sm">
            <Button variant="default" onClick={() => turn.mutate(!enabled)} loading={turn.isPending}>
              {enabled ? 'Stop' : 'Let it go on'}
            </Button>
            <Button variant="default" onClick={change.open}>
              Change
            </Button>
          </Group>
        }
      >
        <Paper withBorder px="md" py={4}>
          <Facts facts={factsOf(endpoint)} />
        </Paper>
      </Section>
      <Deliveries endpoint={id} />
      <Section
        title="Secret and end"
        sentence="A new secret signs at once; for a day the old one signs too, so that your server can change in between."
        action={
          <Group gap="sm">
            <Button variant="default" onClick={rotate.open}>
              New secret
            </Button>
            <Button variant="outline" color="red" onClick={end.open}>
              Delete endpoint
            </Button>
          </Group>
        }
      >
        {null}
      </Section>
      {changing && <ChangeEndpoint endpoint={endpoint} onClose={change.close} />}
      <Ask
        opened={rotating}
        onClose={rotate.close}
        title="Make a new secret?"
        action="Make secret"
        onConfirm={async () => {
          const made = await client.webhookEndpoints.rotateSecret(id, {})
          setSecret(made.secret)
          await renew()
        }}
      >
        For a day messages carry a signature by each of both. Give your server the new one within that time.
      </Ask>
      <Ask
        opened={ending}
        onClose={end.close}
        title="Delete this endpoint?"
        action="Delete endpoint"
        typed="delete"
        onConfirm={async () => {
          await client.webhookEndpoints.delete(id)
          tell('The endpoint is deleted.')
          await navigate({ to: '/webhooks' })
          await renew()
        }}
      >
        {`Nothing is posted to ${url} any more, and what waits for it is dropped.`}
      </Ask>
      <SecretOnce
        title="The new secret"
        secret={secret}
        what="webhook secret"
        hint="Give it to your server within a day; until then both sign."
        onClose={() => setSecret(null)}
      />
    </Stack>
  )
}

function factsOf(endpoint: WebhookEndpoint) {
  const { url, types, app_id, description, failing_since, next_try_at, old_secret_until } = endpoint
  const when = (at: string | null) => at && <When at={at} />
  const facts: [string, ReactNode][] = [
    ['Status', <Status key="status" of={stateOf(endpoint)} />],
    ['Address', <Copyable key="url" text={url} what="address" />],
    ['Hears of', types.length === 0 ? 'All events' : types.map((type) => typeWords[type] ?? type).join('; ')],
    ['App', app_id && <Copyable text={app_id} what="app id" />],
    ['Note', description],
    ['Failing since', when(failing_since)],
    ['Next try', when(next_try_at)],
    ['Old secret signs until', when(old_secret_until)],
    ['Made', when(endpoint.created_at)],
    ['Id', <Copyable key="id" text={endpoint.id} what="endpoint id" />],
  ]
  return facts.filter(([, value]) => value)
}
