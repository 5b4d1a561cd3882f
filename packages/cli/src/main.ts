import { readEnvironment } from './environment.ts'
import { openBrowser } from './open-browser.ts'
import { run } from './run.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second one means: now. The cursor may be hidden by then.
    if (interrupted.signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write('\u001b[?25h')
      process.exit(130)
    }
    interrupted.abort(signal)
  })
}

// Who reads (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const env = readEnvironment()
const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env,
  cwd: process.cwd(),
  signal: interrupted.signal,
  openBrowser: (url) => openBrowser(url, env),
})
// Not before all is written, but with whatever is still open: a socket kept alive, a terminal that was read from.
process.stdout.write('', () => process.exit(code))
