import { advise } from '../http/advise.ts'
import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import { type Failure, mostLooked } from './history.ts'
import { checkFor, failureFor, refusalFor, type Seen } from './seen.ts'

/** What connecting has shown beyond what has a check of its own. */
export function checkConnecting(seen: Seen): Finding[] {
  const check = 'connecting'
  const { history, integration } = seen
  const name = integration.providerName
  const said = refusalFor(check, seen) ?? failureFor(check, seen)
  if (said)
    return [wrong(check, 'failed', quoting(advise(said.error, said.words, name), said.words), 'provider')]
  if (history.connects) return [ok(check, 'The last account that was connected went well.')]
  if (history.connects === false)
    return [unknown(check, 'The last try failed, for the reason that is told above.')]
  return [unknown(check, 'Nobody has tried in the last 24 hours.')]
}

/** How the connections are kept fresh, as far as no other check tells. */
export function checkRefreshing(seen: Seen): Finding[] {
  const check = 'refreshing'
  const { history, integration } = seen
  const name = integration.providerName
  const of = `of ${history.looked === mostLooked ? `the newest ${mostLooked}` : history.looked} connections`
  const all = history.failures.filter((failure) => failure.in === 'refreshing')
  const own = all.filter((failure) => checkFor(failure) === check && !isToldByAddresses(seen, failure))
  // What holds refreshes back is a consequence: with a cause at hand it says nothing more.
  const causes = own.filter(({ kind }) => kind !== 'held_back')
  const told = causes.length > 0 || own.length < all.length ? causes : own
  if (told.length > 0)
    return told.map((failure) => {
      const { what, todo } = advise(failure.error, failure.words, name)
      const advice = quoting({ what: `${failure.count} ${of}: ${what}`, todo }, failure.words)
      return wrong(check, 'warning', advice, failure.kind === 'invalid_grant' ? 'end users' : 'provider')
    })
  if (all.length > 0) return [unknown(check, 'Some fail, for the reason that is told above.')]
  if (history.refreshed > 0) return [ok(check, `${history.refreshed} ${of} refreshed well the last time.`)]
  return [unknown(check, history.active > 0 ? 'None was due yet.' : 'There is no active connection.')]
}

/** An outage that is there right now. */
function isToldByAddresses({ sights, client }: Seen, { kind }: Failure): boolean {
  if (kind !== 'temporarily_unavailable' && kind !== 'unusable_answer') return false
  return client?.is === 'no_oauth' || sights.some(({ fault, status }) => fault !== null || status! >= 500)
}
