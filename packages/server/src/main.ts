import { ConfigError, readConfig } from './config.ts'
import { DatabaseError } from './db/errors.ts'
import { greet } from './greet.ts'
import { type Grantry, startGrantry } from './start.ts'
import { VaultError } from './vault/errors.ts'

let grantry: Grantry | null = null
// Before anything is open, so that there is no moment in which a signal would leave it open.
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    // A second signal means: now.
    if (stopping) process.exit(130)
    stopping = true
    await grantry?.close()
    process.exit(0)
  })
}

try {
  grantry = await startGrantry(readConfig())
  await greet(grantry)
} catch (error) {
  console.error(explain(error))
  await grantry?.close()
  process.exit(1)
}

/** What the operator can mend is said in words; anything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseError || error instanceof VaultError)
    return error.message
  const { code, port, message, name, stack } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Grantry cannot listen on port ${port}: another program does. Stop it, or set GRANTRY_PORT to a free port.`
  return name === 'CatalogueError' ? message : `Grantry could not start: ${stack}`
}
