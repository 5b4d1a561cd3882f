import { Secret } from '@grantry/oauth'

/** The environment while it is being read: what it says by name, and what is wrong with it. */
export type Settings = {
  /** Null for what is not set, or blank. */
  get(name: string): string | null
  /** Parts between commas. */
  list(name: string): string[]
  secret(name: string): Secret | null
  /** What is none of `choices` is a fault, and read as `usual`. */
  choice<Choice extends string>(name: string, choices: readonly Choice[], usual: Choice): Choice
  /** Null for what is not set; what is no such number is a fault, and null too. */
  wholeNumber(name: string, range: { from: number; to: number; of?: string }): number | null
  /** `what` is wrong with a setting; never a secret's value. */
  fault(name: string, what: string): void
  /** All that was said so far. */
  faults: string[]
  /** Whatever was asked for; what else looks like one of ours is a slip. */
  known: ReadonlySet<string>
}

export function readSettings(env: Record<string, string | undefined>): Settings {
  const faults = new Set<string>()
  const known = new Set<string>()
  const get = (name: string) => {
    known.add(name)
    return env[name]?.trim() || null
  }
  // A set: one variable may be read for two things.
  const fault = (name: string, what: string) => void faults.add(`${name} ${what}`)
  return {
    get,
    list: (name) => (get(name) ?? '').split(',').flatMap((part) => part.trim() || []),
    secret(name) {
      const value = get(name)
      return value ? new Secret(value) : null
    },
    choice(name, choices, usual) {
      const value = get(name) ?? usual
      const chosen = choices.find((choice) => choice === value)
      if (chosen === undefined) fault(name, `must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`)
      return chosen ?? usual
    },
    wholeNumber(name, { from, to, of }) {
      const text = get(name)
      if (text === null) return null
      const number = Number(text)
      if (/^\d{1,15}$/.test(text) && number >= from && number <= to) return number
      fault(name, `must be a whole number${of ? ` of ${of}` : ''} from ${from} to ${to}`)
      return null
    },
    fault,
    get faults() {
      return [...faults]
    },
    known,
  }
}
