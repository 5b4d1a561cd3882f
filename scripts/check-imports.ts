// Holds the tree against the layout in scripts/imports/layout.ts. Cycles are Biome's to find.
//
//   node scripts/check-imports.ts [root]
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkTree } from './imports/check-tree.ts'

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
const violations = checkTree(root)
for (const { path, line, rule, mend } of violations) {
  console.log(`${path}${line > 0 ? `:${line}` : ''}  ${rule}.\n    Mend: ${mend}.`)
}
console.log(violations.length === 0 ? 'No import goes the wrong way.' : `${violations.length} found.`)
process.exitCode = violations.length === 0 ? 0 : 1
