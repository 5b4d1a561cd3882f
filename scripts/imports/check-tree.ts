import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { checkNames } from './check-names.ts'
import { checkOrder } from './check-order.ts'
import { checkPackages } from './check-packages.ts'
import { checkReach } from './check-reach.ts'
import { checkSpecifiers } from './check-specifiers.ts'
import { listFiles } from './list-files.ts'
import { readSource } from './read-source.ts'
import type { Declared, File, Violation } from './violation.ts'

/** Holds every source file under `root` against the layout. */
export function checkTree(root: string): Violation[] {
  const paths = listFiles(root)
  const declared: Declared = new Map()
  for (const path of paths) {
    if (posix.basename(path) !== 'package.json') continue
    declared.set(posix.dirname(path).replace(/^\.$/, ''), dependencyNames(join(root, path)))
  }
  const violations = checkNames(paths)
  for (const path of paths) {
    if (!/\.(m?[jt]s|tsx)$/.test(path)) continue
    const file: File = {
      path,
      ...readSource(readFileSync(join(root, path), 'utf8')),
      resolve: (specifier) => (specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null),
    }
    violations.push(
      ...checkSpecifiers(root, file),
      ...checkOrder(file),
      ...checkPackages(file, declared),
      ...checkReach(file),
    )
  }
  return violations.sort((a, b) => a.path.localeCompare(b.path) || a.line - b.line)
}

function dependencyNames(path: string): Set<string> {
  const found = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> & {
    published?: Record<string, unknown>
  }
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  // What only the published package asks for (scripts/build-package.ts) is not installed for `npm start`.
  const all = [found, found.published ?? {}].flatMap((from) =>
    fields.flatMap((field) => Object.keys((from[field] as object) ?? {})),
  )
  return new Set([String(found.name), ...all])
}
