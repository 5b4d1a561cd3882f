import type { Event } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { completes, connectionIds } from '../../completion/candidates.ts'
import { addExamples } from '../../examples.ts'
import { wholeNumber, words } from '../../option-values.ts'
import { readSince } from '../../since.ts'
import { printable } from '../../text-width.ts'
import { followEvents } from './follow.ts'

type Options = { since?: string; type?: string[]; connection?: string; last: number; follow: boolean }

/** `grantry events tail`: the audit log as it grows; with --json an event a line. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('tail')
    .description('Follow the audit log, until Ctrl-C; a server that restarts is waited for')
    .option('--since <time>', 'from then on: a time, or how long ago (10m, 2h, 7d)', (text) =>
      readSince(text),
    )
    .option('--type <list>', 'of these types, by commas; connection.* is all that begin so', words)
    .option('--connection <id>', 'about one connection')
    .option('--last <count>', 'how many to begin with, without --since', wholeNumber(0, 200), 10)
    .option('--no-follow', 'print what there is and stop')
    .action(async ({ since, type = [], connection, last, follow }: Options) => {
      const grantry = await cli.client()
      const only = type.length === 1 && !type[0]!.endsWith('*') ? type[0] : undefined
      let waits = false
      const events = followEvents(grantry, {
        since,
        last,
        follow,
        signal: cli.signal,
        filter: { ...(only ? { type: only } : {}), ...(connection ? { connection } : {}) },
        onWaiting(waiting) {
          if (waiting !== waits)
            cli.out.note(waiting ? 'The server does not answer: waiting for it.' : 'It answers again.')
          waits = waiting
        },
      })
      for await (const event of events) if (fits(event, type)) cli.out.item(event, lineOf(event))
    })
  completes(command, { options: { '--connection': connectionIds } })
  addExamples(command, [
    { command: 'grantry events tail --type "connection.*"', what: 'What becomes of connections' },
    {
      command: 'grantry events tail --since 1h --no-follow --json',
      what: 'The last hour, a line of JSON each',
    },
  ])
}

const fits = ({ type }: Event, wanted: string[]) =>
  wanted.length === 0 ||
  wanted.some((one) => (one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : type === one))

function lineOf({ at, type, actor, connection_id, integration_id, end_user_id, data }: Event): string {
  const about = [connection_id ?? integration_id, end_user_id && `of ${end_user_id}`]
  const by = `by ${[actor.kind, actor.id].filter(Boolean).join(' ')}`
  const more = Object.keys(data).length > 0 ? JSON.stringify(data) : null
  return [at, type, ...about, by, more].filter(Boolean).map(printable).join('  ')
}
