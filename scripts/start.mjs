// `npm start`: Grantry for a first look and for development. Settings come from the environment, then from
// `.env`; on a loopback address the provider sandbox is on unless GRANTRY_SANDBOX says otherwise.
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Grantry needs Node.js 24 or later; this is ${process.version}. Run \`npm start\`, which brings one.`,
  )
  process.exit(1)
}

const envFile = fileURLToPath(new URL('../.env', import.meta.url))
if (existsSync(envFile)) process.loadEnvFile(envFile)

if (process.env.GRANTRY_SANDBOX === undefined && isLoopback(process.env.GRANTRY_PUBLIC_URL)) {
  process.env.GRANTRY_SANDBOX = '1'
}

// Halves what a start costs, from the second on. Beside the code, where nobody else can write.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../node_modules/.cache/grantry-compiled', import.meta.url),
)
enableCompileCache(process.env.NODE_COMPILE_CACHE)

const { ensureConsole } = await import('./build-console.ts')
try {
  ensureConsole()
} catch (error) {
  // Everything else works without it; its address says what to do.
  console.error(error instanceof Error ? error.message : error)
}

await import('../packages/server/src/main.ts')

/** Unset means the default, which is loopback. A malformed URL is left for the server's own message. */
function isLoopback(url) {
  if (!url) return true
  if (!URL.canParse(url)) return false
  const host = new URL(url).hostname
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  )
}
