import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { UsageError } from '../failure.ts'
import { maintain } from '../maintain-process.ts'
import { addServerOptions, type ServerOptions, serverSettings } from '../server-settings.ts'

type Options = ServerOptions & { replace?: boolean; mark?: boolean; takenAt?: string }

type Restored = {
  file?: string
  aside?: string | null
  epoch: number
  taken_at: string | null
  connections: number
}

/** `grantry restore FILE`: a backup in the place of this host's database; `--mark`: that other tools have done so. */
export function register(parent: Command, cli: Cli): void {
  const command = addServerOptions(
    parent
      .command('restore [file]')
      .description("Put a backup in the place of this host's database, with the server stopped")
      .option('--replace', 'move a database that is there aside')
      .option('--mark', 'only mark it as restored: after pg_restore, or where a disk was put back')
      .option('--taken-at <time>', 'with --mark: when the backup was taken, such as 2026-11-21T03:00:00Z'),
  ).action(async (file: string | undefined, { replace, mark, takenAt, ...options }: Options) => {
    if ((file === undefined) !== (mark === true)) throw new UsageError('Name a backup, or give --mark.')
    if (takenAt !== undefined && !mark) throw new UsageError('--taken-at is for --mark: a backup knows when.')
    if (takenAt !== undefined && Number.isNaN(Date.parse(takenAt)))
      throw new UsageError('--taken-at takes a time such as 2026-11-21T03:00:00Z.')
    const args = mark
      ? ['--mark', ...(takenAt === undefined ? [] : ['--taken-at', takenAt])]
      : [file!, ...(replace ? ['--replace'] : [])]
    const restored = await cli.waiting('Restoring', () =>
      maintain<Restored>(cli, ['restore', ...args], serverSettings(cli, options)),
    )
    const { connections, taken_at, aside } = restored
    const what = `${connections.toLocaleString('en')} connections${taken_at === null ? '' : `, as of ${taken_at}`}`
    cli.out.done(mark ? `Marked as restored: ${what}.` : `Restored: ${what}.`, restored)
    if (aside) cli.out.note(`What was there before is in ${aside}.`)
    cli.out.note(
      'Start the server. Tokens that were replaced since are found out as they fall due: grantry restores tells how many.',
    )
  })
  addExamples(command, [
    {
      command: 'grantry restore /backups/grantry-2026-11-21.db',
      what: 'On a new host, with the root key there',
    },
    { command: 'grantry restore backup.db --replace', what: 'In place of a damaged database, which is kept' },
    { command: 'grantry restore --mark --taken-at 2026-11-21T03:00:00Z', what: 'After pg_restore' },
  ])
}
