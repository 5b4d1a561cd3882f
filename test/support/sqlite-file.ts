import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../packages/server/src/db/connect.ts'
import { migrate } from '../../packages/server/src/db/migrate.ts'
import { migrations } from '../../packages/server/src/db/migrations/index.ts'

/** Of this process: the product's migrations are what they are. */
let bytes: Promise<Buffer> | undefined

/** Writes a SQLite database with the product's migrations applied: migrating each would take many times as long. */
export async function writeMigratedFile(path: string): Promise<void> {
  bytes ??= migratedFile()
  await writeFile(path, await bytes, { mode: 0o600 })
}

async function migratedFile(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'grantry-template-'))
  try {
    const path = join(folder, 'grantry.db')
    const db = await openDatabase(`sqlite:${path}`)
    await migrate(db, migrations, () => Date.now())
    // Closed by its last handle, all of it is in the one file.
    await db.destroy()
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
