/** `true`: all of it; otherwise what is asked for of it. */
type Mask = true | Map<string, Mask>

/** Google's partial answers: `a,b(c,d),e/f` or `*`. Answers the name of a field that is not there as text. */
export const selectFields = (
  value: Record<string, unknown>,
  fields: string,
  known: ReadonlySet<string>,
): Record<string, unknown> | string => {
  const mask = readMask(fields.replaceAll(/\s/g, ''))
  if (mask === null) return fields
  const unknown = mask === true ? undefined : namesOf(mask).find((name) => !known.has(name))
  return unknown ?? (pick(value, mask) as Record<string, unknown>)
}

const readMask = (text: string): Mask | null => {
  let at = 0
  const list = (): Mask | null => {
    const mask = new Map<string, Mask>()
    let all = false
    for (;;) {
      const [name] = /^(?:\w+|\*)/.exec(text.slice(at)) ?? []
      if (!name) return null
      at += name.length
      let inner: Mask | null = true
      if (text[at] === '/') {
        at += 1
        inner = one()
      } else if (text[at] === '(') {
        at += 1
        inner = list()
        if (text[at] !== ')') return null
        at += 1
      }
      if (inner === null) return null
      if (name === '*') all = true
      else mask.set(name, inner)
      if (text[at] !== ',') return all ? true : mask
      at += 1
    }
  }
  const one = (): Mask | null => {
    const [name] = /^(?:\w+|\*)/.exec(text.slice(at)) ?? []
    if (!name) return null
    at += name.length
    if (name === '*') return true
    if (text[at] !== '/') return new Map([[name, true]])
    at += 1
    const inner = one()
    return inner === null ? null : new Map([[name, inner]])
  }
  const mask = list()
  return at === text.length ? mask : null
}

const namesOf = (mask: Mask): string[] =>
  mask === true ? [] : [...mask].flatMap(([name, inner]) => [name, ...namesOf(inner)])

const pick = (value: unknown, mask: Mask): unknown => {
  if (mask === true) return value
  if (Array.isArray(value)) return value.map((item) => pick(item, mask))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const wanted = mask.get(name)
      return wanted === undefined ? [] : [[name, pick(inner, wanted)]]
    }),
  )
}
