import { advise } from '../http/advise.ts'
import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { failureFor, type Seen } from './seen.ts'

const check = 'clock'

/** What providers bear differs; signed assertions are good for about five minutes each way. */
const badMs = 300_000
const poorMs = 60_000

/** Whether the provider and this server agree on the time, by the Date of its answers (RFC 9110 §6.6.1). */
export function checkClock(seen: Seen): Finding[] {
  const { sights, integration } = seen
  const name = integration.providerName
  // Of several answers the one that was on its way for the shortest time tells it best.
  const [ahead] = sights
    .flatMap(({ aheadMs }) => (aheadMs === null ? [] : [aheadMs]))
    .sort((a, b) => Math.abs(a) - Math.abs(b))
  if (ahead !== undefined && Math.abs(ahead) > poorMs)
    return [
      wrong(
        check,
        Math.abs(ahead) > badMs ? 'failed' : 'warning',
        {
          what: `The clock of this server is ${duration(Math.abs(ahead))} ${ahead > 0 ? 'behind' : 'ahead of'} ${name}'s.`,
          todo: 'Set it by NTP (with PostgreSQL it is the clock of the database host that counts).',
        },
        'server',
      ),
    ]
  const failure = failureFor(check, seen)
  if (failure)
    return [
      wrong(check, 'failed', quoting(advise(failure.error, failure.words, name), failure.words), 'server'),
    ]
  if (ahead === undefined) return [unknown(check, `${name} did not say what time it is.`)]
  return [ok(check, `${name} and this server agree on the time.`)]
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
