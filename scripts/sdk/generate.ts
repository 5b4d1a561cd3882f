// Writes what the SDKs have from the contract. A test fails where it has not been run after a change.
//
//   node scripts/sdk/generate.ts
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generated } from './generated.ts'
import { readDocument } from './read-document.ts'
import { readPlan } from './read-plan.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
for (const [path, text] of Object.entries(generated(readPlan(await readDocument())))) {
  writeFileSync(join(root, path), text)
  console.log(path)
}
