import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { BackupError } from './backup/errors.ts'
import { markDatabase, restoreBackup } from './backup/restore-backup.ts'
import { writeBackup } from './backup/write-backup.ts'
import { ConfigError, readConfig } from './config.ts'
import { sleep } from './db/database-clock.ts'
import { DatabaseError } from './db/errors.ts'
import { VaultError } from './vault/errors.ts'
import { whereRootKeyIs } from './vault/root-key-file.ts'

/**
 * What is done beside a server or in place of it, on the host of its data and with its settings: `grantry backup` and
 * `grantry restore` run this. One JSON document on stdout, or a reason on stderr and exit code 1.
 */
async function maintain(args: string[]): Promise<unknown> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      replace: { type: 'boolean' },
      mark: { type: 'boolean' },
      'taken-at': { type: 'string' },
    },
  })
  const [verb, file] = positionals
  // As `npm start` does.
  const envFile = fileURLToPath(new URL('../../../.env', import.meta.url))
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const config = readConfig()
  const clock = { now: Date.now, sleep }
  if (verb === 'backup' && file) {
    const path = resolve(file)
    const log = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
    const manifest = await writeBackup({ config, log, now: clock.now }, path)
    return { file: path, ...manifest, root_key: whereRootKeyIs(config) }
  }
  const ctx = { config, clock, random: randomBytes }
  if (verb === 'restore' && values.mark)
    return show(await markDatabase(ctx, values['taken-at'] ? Date.parse(values['taken-at']) : null))
  if (verb === 'restore' && file)
    return show(await restoreBackup(ctx, resolve(file), { replace: values.replace === true }))
  throw new BackupError('backup FILE, restore FILE [--replace], or restore --mark [--taken-at TIME]')
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

function show<T extends { restored_at: number; taken_at: number | null }>(restored: T) {
  return { ...restored, restored_at: iso(restored.restored_at), taken_at: iso(restored.taken_at) }
}

/** What the operator can mend is said in words; anything else with its stack. */
function explain(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  const words = [BackupError, ConfigError, DatabaseError, VaultError].some((kind) => error instanceof kind)
  if (words || (typeof code === 'string' && /^(E[A-Z]+|ERR_SQLITE_ERROR|ERR_PARSE_ARGS_\w+)$/.test(code)))
    return message
  return stack ?? String(error)
}

try {
  process.stdout.write(`${JSON.stringify(await maintain(process.argv.slice(2)))}\n`)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
