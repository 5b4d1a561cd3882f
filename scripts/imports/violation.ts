import type { Source } from './read-source.ts'

/** One broken rule. `path` is relative to the root, with slashes; `line` is 1-based, 0 where the name is at fault. */
export type Violation = { path: string; line: number; rule: string; mend: string }

/** A source file with its imports. */
export type File = Source & {
  path: string
  /** Path from the root of a relative specifier; null for a package. */
  resolve: (specifier: string) => string | null
}

/** Names declared in a package.json, by its folder (`''` is the root). */
export type Declared = Map<string, Set<string>>
