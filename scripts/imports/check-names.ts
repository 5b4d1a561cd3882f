import { posix } from 'node:path'
import { EMPTY_NAMES } from './layout.ts'
import type { Violation } from './violation.ts'

/** No drawer into which anything fits: the name of a folder or file says what is inside. */
export function checkNames(paths: string[]): Violation[] {
  const found = new Map<string, Violation>()
  for (const path of paths) {
    const parts = path.split('/')
    parts.forEach((part, depth) => {
      const name = part.split('.')[0] ?? ''
      if (!EMPTY_NAMES.includes(name.toLowerCase())) return
      const place = posix.join(...parts.slice(0, depth + 1))
      found.set(place, {
        path: place,
        line: 0,
        rule: `'${name}' says nothing about what is inside`,
        mend: 'name the noun (a slice) or the verb (a file in it)',
      })
    })
  }
  return [...found.values()]
}
