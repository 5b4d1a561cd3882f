import { type EgressRule, isAllowed } from './allow.ts'
import { EgressError } from './error.ts'
import { judgeAddress } from './judge-address.ts'
import type { Address, Lookup } from './resolve.ts'
import { isLocalName, isMetadataName, type Target } from './target.ts'

/** A target that may be called, and the only addresses that its sockets may go to. */
export type Verdict = { target: Target; by: 'public' | 'rule'; addresses: Address[] }

const MAX_ADDRESSES = 8

/**
 * Decides whether a workspace may call a target: https to public addresses only, unless a rule of the operator names
 * the host and port; plain http to loopback by such a rule; cloud metadata never. The name is resolved once, every
 * address is judged, and one that may not be reached refuses the whole host.
 *
 * @throws EgressError `egress_bad_url`, `egress_refused_address`, `egress_unresolvable`
 */
export async function judge(
  context: { allow: readonly EgressRule[]; lookup: Lookup },
  workspace: string,
  target: Target,
): Promise<Verdict> {
  const { host } = target
  const ruled = isAllowed(context.allow, workspace, host, target.port)
  if (!target.secure && !ruled) throw mustBeSecure()
  if (isMetadataName(host) || (!ruled && !target.isAddress && isLocalName(host))) throw refused(host)
  const addresses = target.isAddress
    ? [{ address: host, family: host.includes(':') ? 6 : 4 }]
    : await resolve(context.lookup, host)
  for (const { address } of addresses) {
    const kind = judgeAddress(address)
    if (kind === 'metadata' || (kind !== 'public' && !ruled)) throw refused(host, address)
    if (!target.secure && kind !== 'loopback') throw mustBeSecure()
  }
  return { target, by: ruled ? 'rule' : 'public', addresses: addresses.slice(0, MAX_ADDRESSES) }
}

async function resolve(lookup: Lookup, host: string): Promise<Address[]> {
  let cause: unknown
  try {
    const addresses = await lookup(host)
    if (addresses.length > 0) return addresses
  } catch (error) {
    cause = error
  }
  throw new EgressError('egress_unresolvable', `The host ${host} could not be resolved.`, {
    sent: false,
    cause,
  })
}

function refused(host: string, address?: string): EgressError {
  const cause = address === undefined ? undefined : new Error(`${host} is at ${address}`)
  return new EgressError(
    'egress_refused_address',
    `The host ${host} is not one that may be called from here.`,
    {
      sent: false,
      cause,
    },
  )
}

const mustBeSecure = () => new EgressError('egress_bad_url', 'The URL must use https.', { sent: false })
