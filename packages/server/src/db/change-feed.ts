import type { Secret } from '@grantry/oauth'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { AnyDb, Db } from './connect.ts'

export type ChangeFeedContext = Pick<Context, 'clock' | 'leaseClock' | 'log' | 'random'> & { db: Db }

export type ChangeFeed = { isComplete(): boolean; close(): Promise<void> }

const CHANGES = 'grantry_changes'

/** A change is to be known within a second; a request that has passed its check needs some of it. */
const BELIEVED_MS = 800
const NEXT_BEAT_MS = 250
/** Whoever does not answer for so long is taken for dead. */
const DEADLINE_MS = 3_000
const LONGEST_PAUSE_MS = 5_000

/** Part of the transaction of the change: PostgreSQL delivers it at the commit, and in the order of commits. */
export async function notifyChange(tx: AnyDb, workspace: string): Promise<void> {
  await sql`select pg_notify(${CHANGES}, ${workspace})`.execute(tx)
}

/**
 * Listens for changes on a connection of its own, and makes it anew for as long as it takes.
 *
 * A connection that lives may still be deaf: cut off silently, or behind a pooler that hands it from client to client.
 * So it is believed only while it proves itself. A beat is a notification to ourselves; as notifications come in the
 * order of commits, a beat that has come back says that everything committed before it was sent is known, and that is
 * believed for {@link BELIEVED_MS} from the sending on. Beats are sent when somebody asks, so an idle process sends none.
 */
export function followChanges(
  ctx: ChangeFeedContext,
  url: Secret,
  tell: (workspace: string | null) => void,
): ChangeFeed {
  const stop = new AbortController()
  let session: Session | null = null
  const following = follow()

  async function follow(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      try {
        const opened = await openSession(ctx, url, tell, stop.signal)
        // What was loaded before it listened may have changed unheard.
        tell(null)
        session = opened
        if (failures > 0) ctx.log.info('changes made by other processes are heard again')
        failures = 0
        throw await opened.ended
      } catch (error) {
        session = null
        if (stop.signal.aborted) return
        // Not the error itself, which may have the URL in it.
        const { message, code } = error as NodeJS.ErrnoException
        if (failures === 0)
          ctx.log.warn(
            { reason: message || code },
            'changes made by other processes are not heard: reading past what is kept',
          )
      }
      const longest = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures)
      await ctx.clock.sleep(longest * (0.5 + ctx.random(1)[0]! / 512), stop.signal)
    }
  }

  return {
    isComplete: () => session?.isComplete() ?? false,
    async close() {
      stop.abort()
      await following
    },
  }
}

type Session = {
  isComplete(): boolean
  /** Resolves with the reason. */
  ended: Promise<Error>
}

/** @throws Error when it cannot connect, or does not hear what is sent to it */
async function openSession(
  ctx: ChangeFeedContext,
  url: Secret,
  tell: (workspace: string) => void,
  signal: AbortSignal,
): Promise<Session> {
  const beats = `grantry_beats_${Buffer.from(ctx.random(8)).toString('hex')}`
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: url.expose(),
    application_name: 'grantry changes',
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
    keepAlive: true,
  })
  const ended = Promise.withResolvers<Error>()
  const end = (why: Error) => {
    ended.resolve(why)
    client.end().catch(() => {})
  }
  const abort = () => end(new Error('Closed'))
  signal.addEventListener('abort', abort, { once: true })
  ended.promise.then(() => signal.removeEventListener('abort', abort))
  client.on('error', end)
  client.on('end', () => end(new Error('The connection ended')))

  const now = () => ctx.leaseClock.monotonicNow()
  let sent = { beat: 0, at: 0 }
  let believedUntil = 0
  const heard = Promise.withResolvers<void>()
  client.on('notification', ({ channel, payload = '' }) => {
    if (channel === CHANGES) return tell(payload)
    if (channel !== beats) return
    if (payload === 'hello') return heard.resolve()
    if (Number(payload) === sent.beat) believedUntil = sent.at + BELIEVED_MS
  })

  let beating = false
  async function beat(): Promise<void> {
    if (beating || now() < sent.at + NEXT_BEAT_MS) return
    beating = true
    sent = { beat: sent.beat + 1, at: now() }
    try {
      // Nothing is lost with a beat, so its commit need not wait for the disk.
      await client.query("select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", [
        beats,
        String(sent.beat),
      ])
    } catch (error) {
      end(error as Error)
    } finally {
      beating = false
    }
  }

  async function listen(): Promise<void> {
    await client.connect()
    await client.query(`listen ${CHANGES}; listen ${beats}`)
    // Sent on another connection, and not by a query here: a pooler that gives connections to whoever asks would
    // deliver what comes with an answer, and nothing else.
    await sql`select pg_notify(${beats}, 'hello')`.execute(ctx.db)
    const patience = new AbortController()
    ctx.clock.sleep(DEADLINE_MS, patience.signal).then(() => heard.reject(deaf()))
    await heard.promise.finally(() => patience.abort())
  }
  try {
    await Promise.race([listen(), ended.promise.then((why) => Promise.reject(why))])
  } catch (error) {
    end(error as Error)
    throw error
  }
  return {
    isComplete() {
      void beat()
      return now() < believedUntil
    },
    ended: ended.promise.then((why) => {
      believedUntil = 0
      return why
    }),
  }
}

function deaf(): Error {
  return new Error(
    'Notifications do not arrive. If a pooler in transaction mode is between, set GRANTRY_LISTEN_URL to PostgreSQL itself.',
  )
}
