import type { ProxyPolicy } from '@grantry/api'
import type { Taken } from '../connections/take-token.ts'
import { problem } from '../errors.ts'

export type Policy = { of: 'integration' | 'connection'; policy: ProxyPolicy }

/** What was set for the integration and what was set for the connection: a call passes all of them. None: everything, without a limit. */
export function policiesOf({ connection, integration }: Pick<Taken, 'connection' | 'integration'>): Policy[] {
  const read = (of: Policy['of'], text: string | null): Policy[] =>
    text === null ? [] : [{ of, policy: JSON.parse(text) as ProxyPolicy }]
  return [
    ...read('integration', integration.row.proxy_policy),
    ...read('connection', connection.proxy_policy),
  ]
}

/** Whether a call may be made. The path is judged as it is written: what is encoded differently is not on the list. */
export function allows({ allow }: ProxyPolicy, method: string, path: string): boolean {
  if (!allow) return true
  return allow.some(
    ({ methods, paths }) =>
      (methods as readonly string[]).includes(method) && paths.some((pattern) => matches(pattern, path)),
  )
}

/** Whether anything may be sent to this address, be it what is called or what that leads to. */
export function allowsHost({ hosts }: ProxyPolicy, { host }: Pick<URL, 'host'>): boolean {
  if (!hosts) return true
  return hosts.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one))
}

/** @throws ApiError proxy_not_allowed */
export function refuseNotAllowed(policies: readonly Policy[], method: string, path: string, url: URL): void {
  for (const { of, policy } of policies) {
    if (!allowsHost(policy, url))
      throw problem('proxy_not_allowed', `The proxy policy of this ${of} does not allow ${url.host}.`, {
        members: { hosts: policy.hosts },
      })
    if (!allows(policy, method, path))
      throw problem(
        'proxy_not_allowed',
        `The proxy policy of this ${of} does not allow ${method} of this path.`,
        {
          members: { allow: policy.allow },
        },
      )
  }
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
