import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { maintain } from '../maintain-process.ts'
import { addServerOptions, type ServerOptions, serverSettings } from '../server-settings.ts'

type Written = {
  file: string
  taken_at: string
  bytes: number
  root_key_id: string | null
  root_key: string
  counts: { workspaces: number; connections: number; events: number; spooled: number }
}

/** `grantry backup FILE`: the database of this host's server, in one file, while it serves. */
export function register(parent: Command, cli: Cli): void {
  const command = addServerOptions(
    parent
      .command('backup <file>')
      .description("Copy this host's SQLite database into a file, while the server serves"),
  ).action(async (file: string, options: ServerOptions) => {
    const written = await cli.waiting('Copying', () =>
      maintain<Written>(cli, ['backup', file], serverSettings(cli, options)),
    )
    const { counts, root_key_id, root_key } = written
    cli.out.done(
      `${written.file}: ${counts.connections.toLocaleString('en')} connections, as of ${written.taken_at}.`,
      written,
    )
    if (root_key_id !== null)
      cli.out.note(
        `The root key ${root_key_id} is not in it, and without it nothing in it can be read. It is in ${root_key}: keep that too, and elsewhere.`,
      )
  })
  addExamples(command, [
    { command: 'grantry backup /backups/grantry-2026-11-21.db', what: 'With its manifest beside it' },
    { command: 'grantry backup copy.db --data-dir /var/lib/grantry --json', what: 'For a script' },
  ])
}
