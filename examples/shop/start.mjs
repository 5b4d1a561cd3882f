// `npm run example`: the shop, and before it Grantry with the provider sandbox where none is running.
//
//   SHOP_PORT      where the shop listens; default 3000
//   GRANTRY_URL    default http://localhost:7001
//   GRANTRY_API_KEY of a Grantry that is running: with the scopes connections:write, integrations:read, proxy:call and admin
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

if (Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Grantry needs Node.js 24 or later; this is ${process.version}. Run \`npm run example\`, which brings one.`,
  )
  process.exit(1)
}
const { Grantry } = await import('@grantry/sdk')
const { buildConnect } = await import('../../scripts/build-connect.ts')
const { createShop } = await import('./shop.mjs')

const root = fileURLToPath(new URL('../..', import.meta.url))
const port = Number(process.env.SHOP_PORT ?? 3000)
const url = new URL(process.env.GRANTRY_URL ?? 'http://localhost:7001').origin
const origin = `http://localhost:${port}`
const folder = mkdtempSync(join(tmpdir(), 'grantry-shop-'))
let child = null
let server = null

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0))
try {
  const apiKey = (await isRunning()) ? keyOfRunning() : await startGrantry()
  const grantry = new Grantry({ url, apiKey })
  await allow(grantry)
  const library = await buildConnect(join(folder, 'library'))
  server = createShop({ grantry, url, origin, library }).listen(port, '127.0.0.1', (error) => {
    if (error)
      return fail(`The shop cannot listen on port ${port} (${error.code}). Set SHOP_PORT to another one.`)
    console.log(
      `Shop     ${origin}\nGrantry  ${url}\nSign in as ada@example.com with the password "earl grey". Ctrl-C ends it.`,
    )
  })
} catch (error) {
  fail(error.message)
}

async function isRunning() {
  return fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

function keyOfRunning() {
  const kept = join(root, 'data/first-api-key')
  if (process.env.GRANTRY_API_KEY) return process.env.GRANTRY_API_KEY
  if (existsSync(kept)) return readFileSync(kept, 'utf8').trim()
  throw new Error(
    `Grantry runs at ${url}: set GRANTRY_API_KEY to one of its API keys, or end it and start again.`,
  )
}

/** One of its own, which keeps nothing. Resolves when the sandbox's apps are there. */
function startGrantry() {
  const apiKey = `shop_example_${randomBytes(24).toString('base64url')}`
  child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GRANTRY_PORT: new URL(url).port,
      GRANTRY_PUBLIC_URL: url,
      GRANTRY_DATA_DIR: join(folder, 'data'),
      GRANTRY_BOOTSTRAP_API_KEY: apiKey,
      GRANTRY_SANDBOX: '1',
      GRANTRY_LOG_LEVEL: 'warn',
    },
  })
  return new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (part) => {
      printed += part
      if (/^API key /m.test(printed)) resolve(apiKey)
    })
    child.once('exit', (code) => reject(new Error(`Grantry ended with ${code}.`)))
  })
}

/** The workspace sends people and codes only where it was told to. */
async function allow(grantry) {
  const { allowed_origins, return_urls } = await grantry.workspace.get()
  await grantry.workspace.update({
    allowed_origins: [...new Set([...allowed_origins, origin])],
    return_urls: [...new Set([...return_urls, `${origin}/connect/finish`])],
  })
}

function fail(why) {
  console.error(why)
  end(1)
}

function end(code) {
  server?.close()
  server?.closeAllConnections()
  const done = () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(code)
  }
  if (!child || child.exitCode !== null) return done()
  child.once('exit', done)
  child.kill()
}
