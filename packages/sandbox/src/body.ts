/** Parameters of a form, or of a JSON object of strings where a provider takes that; null where the body is neither. */
export const paramsOf = (body: unknown, accepted: readonly ('form' | 'json')[]): URLSearchParams | null => {
  if (body instanceof URLSearchParams) return accepted.includes('form') ? body : null
  if (body === undefined || body === null) return new URLSearchParams()
  if (!accepted.includes('json') || typeof body !== 'object' || Array.isArray(body) || Buffer.isBuffer(body))
    return null
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(body))
    if (typeof value === 'string' || typeof value === 'number') params.append(key, String(value))
  return params
}

/** RFC 6749 §3.1 and §3.2: no parameter more than once. */
export const repeatsParameter = (params: URLSearchParams): boolean =>
  new Set(params.keys()).size < params.size

export const splitScopes = (text: string | null, separators: RegExp): string[] => [
  ...new Set((text ?? '').split(separators).filter((scope) => scope !== '')),
]
