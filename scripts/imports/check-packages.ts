import { isBuiltin } from 'node:module'
import { isTest, PACKAGE_IMPORTS } from './layout.ts'
import type { Declared, File, Violation } from './violation.ts'

const SCOPE = '@grantry/'

/** A package imports only what its package.json names, of ours only what lies below it, and by name. */
export function checkPackages(file: File, declared: Declared): Violation[] {
  const own = /^packages\/([^/]+)\/src\//.exec(file.path)?.[1]
  if (!own) return []
  const allowed = PACKAGE_IMPORTS[own]
  if (!allowed) {
    const mend = 'say in scripts/imports/layout.ts which packages it may import'
    return [{ path: file.path, line: 1, rule: `the package '${own}' has no place in the layout`, mend }]
  }
  const names = declared.get(`packages/${own}`) ?? new Set()
  const forTests = declared.get('') ?? new Set()
  const found: Violation[] = []
  for (const { specifier, line } of file.imports) {
    const add = (rule: string, mend: string) => found.push({ path: file.path, line, rule, mend })
    const target = file.resolve(specifier)
    if (target !== null) {
      if (target.startsWith(`packages/${own}/`) || isTest(file.path)) continue
      add(`'${specifier}' leaves the package '${own}'`, 'import the other package by its name')
      continue
    }
    if (isBuiltin(specifier) || specifier.startsWith('#')) continue
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    const ours = name.startsWith(SCOPE) ? name.slice(SCOPE.length) : null
    if (ours !== null && ours !== own && !isTest(file.path) && !allowed.includes(ours)) {
      add(
        `'${own}' imports '${ours}'`,
        `'${own}' may import ${phrase(allowed)}: pass the value in from above`,
      )
    } else if (!names.has(name) && !(isTest(file.path) && (forTests.has(name) || ours !== null))) {
      add(
        `'${name}' is not in packages/${own}/package.json`,
        'add it there and to docs/dependencies.md, or do without it',
      )
    }
  }
  return found
}

function phrase(allowed: readonly string[]): string {
  return allowed.length > 0 ? `only ${allowed.join(', ')} of ours` : 'no package of ours'
}
