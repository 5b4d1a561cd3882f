import type { ProxyPolicy } from '@grantry/api'
import type { Taken } from '../connections/take-token.ts'
import { problem } from '../errors.ts'

/** What was set for the connection, else what was set for its integration; null: everything, without a limit. */
export function policyOf({
  connection,
  integration,
}: Pick<Taken, 'connection' | 'integration'>): ProxyPolicy | null {
  const text = connection.proxy_policy ?? integration.row.proxy_policy
  return text === null ? null : (JSON.parse(text) as ProxyPolicy)
}

/** Whether a call may be made. The path is judged as it is written: what is encoded differently is not on the list. */
export function allows(policy: ProxyPolicy | null, method: string, path: string): boolean {
  const allow = policy?.allow
  if (!allow) return true
  return allow.some(
    ({ methods, paths }) =>
      (methods as readonly string[]).includes(method) && paths.some((pattern) => matches(pattern, path)),
  )
}

/** @throws ApiError proxy_not_allowed */
export function refuseNotAllowed(policy: ProxyPolicy | null, method: string, path: string): void {
  if (allows(policy, method, path)) return
  throw problem(
    'proxy_not_allowed',
    `The proxy policy of this connection does not allow ${method} of this path.`,
    { members: { allow: policy?.allow } },
  )
}

/** Without backtracking, so that a pattern of many stars costs no more than its length: each part is taken where it comes first. */
function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*')
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (parts.length === 1) return path === pattern
  if (!path.startsWith(first) || path.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = path.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return path.length - last.length >= at && path.endsWith(last)
}
