import { parseEnv } from 'node:util'

/** The settings of an `.env`, as Node reads it. */
export const readEnvFile = (text: string): Record<string, string | undefined> => parseEnv(text)

/**
 * An `.env` with these settings: a line that sets one of them is replaced, the others and the comments stay, and what is new
 * comes at the end.
 */
export function writeEnvFile(before: string | null, settings: Record<string, string>): string {
  const left = new Map(Object.entries(settings))
  const lines = (before ?? '').split('\n').flatMap((line) => {
    const [, name = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line) ?? []
    if (!(name in settings)) return [line]
    const value = left.get(name)
    left.delete(name)
    return value === undefined ? [] : [lineOf(name, value)]
  })
  while (lines.at(-1) === '') lines.pop()
  const text = [...lines, ...[...left].map(([name, value]) => lineOf(name, value))].join('\n')
  return `${text}\n`
}

/** In the quotes that leave what is inside alone; a value with every kind of quote is none that a setting has. */
function lineOf(name: string, value: string): string {
  if (/^[\w./:@%+=,-]*$/.test(value)) return `${name}=${value}`
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? "'"
  return `${name}=${quote}${value}${quote}`
}
