import { once } from 'node:events'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { Failure } from '../failure.ts'
import { serve } from '../serve-process.ts'
import { readPort } from './serve.ts'

type Options = { port?: number; server?: boolean }

/** `grantry sandbox`: the provider emulator alone, or (`--server`) with the server before it. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('sandbox')
    .description('Run the provider emulator, which plays Gmail and others without their accounts')
    .option('--port <number>', 'where to listen; default 7002, or 7001 with --server', readPort)
    .option('--server', 'with the server, whose providers it plays')
    .action(async ({ port, server }: Options) => {
      if (server)
        return serve(cli, {
          GRANTRY_SANDBOX: '1',
          ...(port === undefined ? {} : { GRANTRY_PORT: String(port) }),
        })
      const { startSandbox } = await import('@grantry/sandbox')
      const sandbox = await startSandbox({ port: port ?? 7002 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error
        throw new Failure(`Another program listens on port ${port ?? 7002}.`, {
          next: 'grantry sandbox --port 0',
        })
      })
      try {
        const rows = Object.entries(sandbox.clients).map(([provider, client]) => ({ provider, ...client }))
        if (cli.out.json) cli.out.item({ url: sandbox.url, clients: rows }, '')
        else {
          cli.out.raw(`The sandbox plays these at ${sandbox.url}; its clients are the same at each start.\n`)
          await cli.out.table(rows, {
            PROVIDER: (row) => row.provider,
            'CLIENT ID': (row) => row.client_id,
            'CLIENT SECRET': (row) => row.client_secret,
          })
          cli.out.note('\nCtrl-C ends it.')
        }
        if (!cli.signal.aborted) await once(cli.signal, 'abort')
      } finally {
        await sandbox.close()
      }
    })
  addExamples(command, [
    { command: 'grantry sandbox', what: 'To test other software against' },
    { command: 'grantry sandbox --server', what: 'A whole Grantry to try things at' },
  ])
}
