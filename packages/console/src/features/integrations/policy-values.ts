import type { ProxyPolicy } from '@grantry/sdk/transport'

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY'] as const
export type Method = (typeof methods)[number]

/** A policy as it is edited: paths one a line. */
export type PolicyValues = {
  only: boolean
  allow: { methods: Method[]; paths: string }[]
  /** One a line; nothing: wherever the API leads. */
  hosts: string
  limited: boolean
  calls: number | string
  per_seconds: string
}

export const spans = [
  { value: '1', label: 'second' },
  { value: '60', label: 'minute' },
  { value: '3600', label: 'hour' },
  { value: '86400', label: 'day' },
]

export function toValues(policy: ProxyPolicy | null): PolicyValues {
  return {
    only: policy?.allow !== undefined,
    allow: (policy?.allow ?? []).map((rule) => ({
      methods: [...rule.methods],
      paths: rule.paths.join('\n'),
    })),
    hosts: (policy?.hosts ?? []).join('\n'),
    limited: policy?.budget !== undefined,
    calls: policy?.budget?.calls ?? 1000,
    per_seconds: String(policy?.budget?.per_seconds ?? 3600),
  }
}

/** null where it says nothing. */
export function toPolicy({
  only,
  allow,
  hosts,
  limited,
  calls,
  per_seconds,
}: PolicyValues): ProxyPolicy | null {
  const named = linesOf(hosts)
  if (!only && !limited && named.length === 0) return null
  return {
    ...(only ? { allow: allow.map((rule) => ({ methods: rule.methods, paths: linesOf(rule.paths) })) } : {}),
    ...(named.length > 0 ? { hosts: named } : {}),
    ...(limited ? { budget: { calls: Number(calls), per_seconds: Number(per_seconds) } } : {}),
  }
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** A lifetime in words, for lengths that are none of the usual. */
export const spanWord = (seconds: number): string =>
  spans.find(({ value }) => Number(value) === seconds)?.label ?? `${seconds.toLocaleString('en')} seconds`
