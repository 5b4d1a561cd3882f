import type { Grantry } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { Failure } from '../../failure.ts'
import { followEvents } from '../events/follow.ts'

/**
 * `grantry webhooks listen --forward-to URL`: for a receiver that Grantry cannot reach, on a developer's own machine. It
 * follows the audit log and posts from here what an endpoint would get, signed.
 */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('listen')
    .description(
      'Post events to an address on this machine, until Ctrl-C; signed with GRANTRY_WEBHOOK_SECRET, or one made now',
    )
    .requiredOption('--forward-to <url>', 'where they go: http://localhost:3000/hooks/grantry')
    .action(async ({ forwardTo }: { forwardTo: string }) => {
      const given = cli.env.GRANTRY_WEBHOOK_SECRET
      const secret = given ?? mint()
      if (!/^https?:$/.test(URL.parse(forwardTo)?.protocol ?? ''))
        throw new Failure(`${forwardTo} is not an address: those begin with http:// or https://.`, {
          next: 'grantry webhooks listen --forward-to http://localhost:3000/hooks/grantry',
        })
      if (!/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret))
        throw new Failure('GRANTRY_WEBHOOK_SECRET is no webhook secret: those begin with whsec_.')
      const grantry = await cli.client()
      const { toWebhookMessage, webhookTypes } = await import('@grantry/api')
      const { signWebhook } = await import('@grantry/sdk')
      const providers = createProviders(grantry)
      if (given === undefined) cli.out.note(`Signed with ${secret}`)
      cli.out.note(`Listening, and posting to ${forwardTo}. Ctrl-C ends it.`)
      const told: ReadonlySet<string> = new Set(webhookTypes)
      const events = followEvents(grantry, {
        last: 0,
        follow: true,
        signal: cli.signal,
        filter: {},
        onWaiting: (waiting) => waiting && cli.out.note('The server does not answer: waiting for it.'),
      })
      for await (const event of events) {
        if (!told.has(event.type)) continue
        const provider = event.connection_id && (await providers(event.connection_id))
        const body = JSON.stringify(toWebhookMessage(event, provider))
        const answer = await post(forwardTo, body, signWebhook(body, secret, { id: event.id }), cli.signal)
        cli.out.item({ event: event.id, type: event.type, answer }, `${event.at}  ${event.type}  ${answer}`)
      }
    })
  addExamples(command, [
    {
      command: 'grantry webhooks listen --forward-to http://localhost:3000/hooks/grantry',
      what: 'While you write the receiver',
    },
  ])
}

const mint = () => `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')}`

/** A connection's provider never changes. */
function createProviders(grantry: Pick<Grantry, 'connections'>) {
  const known = new Map<string, string | null>()
  return async (id: string): Promise<string | null> => {
    const found = known.get(id)
    if (found !== undefined) return found
    const provider = await grantry.connections.get(id).then(
      (connection) => connection.provider,
      (error: Error) => {
        if (error.name === 'NotFoundError') return null
        throw error
      },
    )
    known.set(id, provider)
    return provider
  }
}

/** The status that came back, or why none did; it is told and not tried again. */
async function post(url: string, body: string, headers: Record<string, string>, signal: AbortSignal) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    })
    await answer.arrayBuffer()
    return String(answer.status)
  } catch (error) {
    signal.throwIfAborted()
    const { code } = ((error as Error).cause ?? {}) as { code?: string }
    return `no answer (${code ?? (error as Error).name})`
  }
}
