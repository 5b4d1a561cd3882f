import type { Settings } from './settings.ts'

/** What tells the command line and the SDKs whom to call: on one machine with the server it is no slip. */
const ofClients = ['GRANTRY_URL', 'GRANTRY_API_KEY', 'GRANTRY_PROFILE', 'GRANTRY_END_USER']

/** Whatever has our prefix and was not asked for, once everything was, is a slip. */
export function tellUnknown(env: Record<string, string | undefined>, { known, fault }: Settings): void {
  const settings = [...known].filter((name) => name.startsWith('GRANTRY_'))
  for (const name of Object.keys(env)) {
    if (!name.startsWith('GRANTRY_') || known.has(name) || ofClients.includes(name) || !env[name]) continue
    const near = settings.find((candidate) => nearlySame(candidate, name))
    fault(
      name,
      near ? `is not a setting of Grantry; did you mean ${near}?` : 'is not a setting of this version',
    )
  }
}

/** One letter more, fewer or other, or two swapped: a slip of the finger. */
function nearlySame(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false
  const letters = (text: string) => [...text].sort().join('')
  if (letters(a) === letters(b)) return true
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  let tail = 0
  while (tail < Math.min(a.length, b.length) - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  return Math.max(a.length, b.length) - same - tail <= 2
}
