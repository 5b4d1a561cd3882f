import type { EgressErrorCode } from '../egress/error.ts'
import { type Advice, advise } from '../http/advise.ts'
import { type Finding, ok, quoting, unknown, wrong } from './finding.ts'
import type { Field } from './reach.ts'
import { failureFor, type Seen } from './seen.ts'
import type { Sight } from './watch.ts'

const check = 'addresses'

/** Whether every address can be called from here, and is what it should be. */
export function checkAddresses(seen: Seen): Finding[] {
  const { addresses, sights, client, integration } = seen
  const findings = new Map<string, { finding: Finding; fields: Field[] }>()
  for (const [field, url] of addresses) {
    const found = judge(field, url, sightOf(url, sights))
    if (!found) continue
    const same = findings.get(found.what)
    if (same) same.fields.push(field)
    else findings.set(found.what, { finding: found, fields: [field] })
  }
  if (findings.size > 0)
    return [...findings.values()].map(({ finding, fields }) =>
      finding.where === fields[0] ? { ...finding, where: fields.join(', ') } : finding,
    )
  if (client?.is === 'no_oauth')
    return [
      wrong(
        check,
        'failed',
        {
          what: `What answers at the token URL is no OAuth 2.0 token endpoint (${client.words}).`,
          todo: `Correct token_url: ${integration.providerName}'s documentation says where its token endpoint is.`,
        },
        'token_url',
      ),
    ]
  const failure = failureFor(check, seen)
  if (failure && sights.length === 0)
    return [
      wrong(
        check,
        'failed',
        quoting(advise(failure.error, failure.words, integration.providerName), failure.words),
        'token_url',
      ),
    ]
  if (sights.length === 0) return [unknown(check, 'They have not been called.')]
  return [ok(check, `${[...new Set([...addresses.values()].map(hostOf))].join(', ')}: can be reached.`)]
}

/** Faults that every address of a server shares. */
const ofServer: readonly EgressErrorCode[] = [
  'egress_unresolvable',
  'egress_refused_address',
  'egress_unreachable',
  'egress_tls',
]

/** What became of this very address, or of another of the same server where that holds for all of it. */
function sightOf(url: string, sights: Sight[]): Sight | undefined {
  const { origin, pathname } = new URL(url)
  const there = sights.filter((sight) => new URL(sight.url).origin === origin)
  return (
    there.find((sight) => new URL(sight.url).pathname === pathname) ??
    there.find(({ fault }) => fault && ofServer.includes(fault.code))
  )
}

function judge(field: Field, url: string, sight: Sight | undefined): Finding | null {
  if (!sight) return null
  const host = hostOf(url)
  if (sight.fault) {
    // Plain http is a check of its own.
    if (sight.fault.code === 'egress_bad_url' && url.startsWith('http:')) return null
    const advice = (faults[sight.fault.code] ?? other)(host, field, sight.fault.message)
    return wrong(
      check,
      'failed',
      advice,
      sight.fault.code === 'egress_refused_address' ? 'GRANTRY_EGRESS_ALLOW' : field,
    )
  }
  if (sight.status === 429 || sight.status! >= 500)
    return wrong(
      check,
      'warning',
      {
        what: `${host} answers ${sight.status}: it is down or busy.`,
        todo: "Look at the provider's status page. Refreshes are tried again by themselves.",
      },
      'provider',
    )
  return null
}

type Speak = (host: string, field: Field, message: string) => Advice

const faults: Partial<Record<EgressErrorCode, Speak>> = {
  egress_unresolvable: (host, field) => ({
    what: `The name ${host} does not resolve.`,
    todo: `Correct the host in ${field}; if it is right, mend the DNS of this server.`,
  }),
  egress_refused_address: (host, field) => ({
    what: `${host} has a private address, which may not be called from here.`,
    todo: `Where it is your own, add ${withPort(host)} to GRANTRY_EGRESS_ALLOW and start again; otherwise correct ${field}.`,
  }),
  egress_unreachable: (host, field) => ({
    what: `${host} takes no connection.`,
    todo: `Check the port in ${field}, and that a firewall lets this server out to ${withPort(host)}.`,
  }),
  egress_tls: (host) => ({
    what: `The certificate of ${host} cannot be trusted, or is not for that name.`,
    todo: 'Have it renewed there. If a private authority signed it, start the server with NODE_EXTRA_CA_CERTS=FILE.',
  }),
  egress_timeout: (host) => ({
    what: `${host} did not answer in time.`,
    todo: `Check that a firewall lets this server out to ${withPort(host)}; if it does, the provider is down.`,
  }),
  egress_cut: (host, field) => ({
    what: `${host} closed the connection without an answer.`,
    todo: `Check that ${field} names a web server; if it does, the provider is down.`,
  }),
}

const other: Speak = (host, field, message) => ({
  what: `${host} could not be called: ${message}`,
  todo: `Check ${field}.`,
})

const hostOf = (url: string) => new URL(url).host
const withPort = (host: string) => (/:\d+$/.test(host) ? host : `${host}:443`)
