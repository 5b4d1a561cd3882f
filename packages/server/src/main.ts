import cluster from 'node:cluster'
import { setFlagsFromString } from 'node:v8'
import { startCluster, WorkerError } from './cluster.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { DatabaseError } from './db/errors.ts'
import { storageFault } from './http/storage-fault.ts'
import type { Running } from './running.ts'
import { VaultError } from './vault/errors.ts'

// Little is kept and much is made: on a large machine V8 would let four times as much pile up before it looks.
setFlagsFromString('--heap-growing-percent=50')

let running: Running | null = null
let stopping = false

async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  await running?.stop()
  process.exit(0)
}

// Before anything is open, so that there is no moment in which a signal would leave it open.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second signal means: now. A worker may get the first one twice, from the terminal and from its primary.
    if (stopping && !cluster.isWorker) process.exit(130)
    void stop()
  })
}

try {
  running = await start(readConfig())
  // On a terminal it says that the terminal is gone.
  if (running.roll) process.on('SIGHUP', process.stdout.isTTY ? stop : running.roll)
  await running.ended
} catch (error) {
  console.error(explain(error))
  await running?.stop()
  process.exit(1)
}

/** Loads the server only where it is to run: the primary of several processes holds but them. */
async function start(config: Config): Promise<Running> {
  if (cluster.isWorker) {
    const { startWorker } = await import('./worker.ts')
    return startWorker(config, stop)
  }
  if (config.workers > 1) return startCluster(config, import.meta.filename)
  const { startAlone } = await import('./running.ts')
  return startAlone(config)
}

/** What the operator can mend is said in words; anything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseError || error instanceof VaultError)
    return error.message
  if (error instanceof WorkerError) return error.message
  const fault = storageFault(error)
  if (fault && fault !== 'unavailable')
    return `Grantry cannot start: its database cannot be written (${fault === 'full' ? 'its disk is full' : 'it is read-only'}).`
  const { code, port, message, name, stack } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Grantry cannot listen on port ${port}: another program does. Stop it, or set GRANTRY_PORT to a free port.`
  return name === 'CatalogueError' ? message : `Grantry could not start: ${stack}`
}
