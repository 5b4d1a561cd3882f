// Writes docs/cli.md. A test holds it against the commands.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeReference } from './reference.ts'

writeFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), writeReference())
