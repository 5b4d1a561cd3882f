import { isIP } from 'node:net'
import { judgeAddress } from './judge-address.ts'
import { isMetadataName } from './target.ts'

/** One `host:port` that may be reached although private: by one workspace, or by all of them when `workspace` is null. */
export type EgressRule = { workspace: string | null; host: string; port: number }

const ITEM = /^(?:(ws_[a-z0-9]+)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i

/**
 * Reads `GRANTRY_EGRESS_ALLOW`: comma-separated `host:port` or `WORKSPACE@host:port`, an IPv6 address in brackets.
 * A rule names the host as URLs write it; it does not open other names of the same address.
 *
 * @throws Error that names the item which is not of that form, or which names a cloud metadata service.
 */
export function parseEgressAllow(text: string): EgressRule[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(parseItem)
}

function parseItem(item: string): EgressRule {
  const [, workspace, written, digits] = ITEM.exec(item) ?? []
  const port = Number(digits)
  if (written === undefined || port < 1 || port > 65535 || !URL.canParse(`http://${written}/`)) {
    throw new Error(`"${item}" is not of the form host:port or WORKSPACE@host:port`)
  }
  const host = new URL(`http://${written}/`).hostname.replace(/^\[|\]$/g, '')
  if (isMetadataName(host) || (isIP(host) !== 0 && judgeAddress(host) === 'metadata')) {
    throw new Error(`"${item}" is a cloud metadata address; those can never be allowed`)
  }
  return { workspace: workspace ?? null, host, port }
}

/** Whether a rule opens this host and port to this workspace. */
export function isAllowed(
  rules: readonly EgressRule[],
  workspace: string,
  host: string,
  port: number,
): boolean {
  return rules.some(
    (rule) =>
      rule.host === host && rule.port === port && (rule.workspace === null || rule.workspace === workspace),
  )
}
