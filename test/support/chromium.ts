import { execFile } from 'node:child_process'
import { access, chmod, constants, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const MAC = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']

/**
 * Path of a Chromium that runs on this machine: `$CHROMIUM_PATH`, else the build that comes by npm (Linux x64),
 * unpacked once, else an installed one. The first is the same everywhere, and is made to run without a screen: it
 * takes a seventh of an installed Chromium's time for a person's new window. Throws an error that says what to install.
 */
export async function findChromium(): Promise<string> {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    const fault = await whyUnusable(given)
    if (fault) throw new Error(`CHROMIUM_PATH is ${given}, which does not run: ${fault}`)
    return given
  }
  const packaged = process.platform === 'linux' && process.arch === 'x64'
  const unpacked = packaged ? await packagedChromium().catch((error: Error) => error) : null
  if (typeof unpacked === 'string') return unpacked
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(process.platform === 'darwin' ? MAC.map((path) => join('/Applications', path)) : []),
  ]
  for (const candidate of candidates) {
    // A file by that name may still be a stub that asks to install something: it has to run.
    if ((await isExecutable(candidate)) && (await whyUnusable(candidate)) === null) return candidate
  }
  throw (
    unpacked ?? new Error('No Chromium was found: install Chromium or Chrome, or set CHROMIUM_PATH to one.')
  )
}

/** A headless browser that stays off the network by itself. Close it when done. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: await findChromium(),
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** Null if it runs. The time is for a cold disk. */
async function whyUnusable(path: string): Promise<string | null> {
  return run(path, ['--version'], { timeout: 120_000 }).then(
    ({ stdout }) => (/chrom/i.test(stdout) ? null : `it calls itself ${stdout.trim()}`),
    (error: Error) => error.message,
  )
}

/** Chromium of the npm package @sparticuz/chromium, unpacked where no other user can have put something else. */
export async function packagedChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const archives = join(dirname(entry), '..', 'bin')
  const version = createRequire(entry)('../package.json').version as string
  const place = join(await cacheFolder(), `chromium-${version}`)
  const launcher = join(place, 'launch')
  if (!(await isExecutable(launcher))) await unpack(entry, archives, place)
  const fault = await whyUnusable(launcher)
  if (fault) {
    throw new Error(
      `The Chromium that comes by npm does not run here; install Chromium, or set CHROMIUM_PATH.\n${fault}`,
    )
  }
  return launcher
}

/** node_modules if it can be written to, else a folder of this user in the temporary one. */
async function cacheFolder(): Promise<string> {
  const local = fileURLToPath(new URL('../../node_modules/.cache/grantry', import.meta.url))
  const writable = await mkdir(local, { recursive: true })
    .then(() => access(local, constants.W_OK))
    .then(
      () => true,
      () => false,
    )
  if (writable) return local
  const uid = process.getuid?.() ?? 0
  const own = join(tmpdir(), `grantry-tests-${uid}`)
  await mkdir(own, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await stat(own)
  if (found.uid !== uid || (found.mode & 0o022) !== 0) throw new Error(`${own} belongs to somebody else`)
  return own
}

/** Appears complete or not at all, so that several test processes may need it at once. */
async function unpack(entry: string, archives: string, place: string): Promise<void> {
  const draft = await mkdtemp(`${place}-`)
  try {
    // The package unpacks into os.tmpdir(), under names that any user can foresee; its own process gets another one.
    const script = `
      const [entry, ...archives] = process.argv.slice(1)
      const { inflate } = await import(entry)
      await Promise.all(archives.map((archive) => inflate(archive)))`
    const files = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map((f) =>
      join(archives, f),
    )
    await run(process.execPath, ['--input-type=module', '--eval', script, entry, ...files], {
      env: { ...process.env, TMPDIR: draft },
    })
    await writeFile(join(draft, 'fonts.conf'), FONTS)
    await writeFile(join(draft, 'launch'), LAUNCH)
    await Promise.all(['chromium', 'launch', '.'].map((name) => chmod(join(draft, name), 0o755)))
    await rename(draft, place)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!(await isExecutable(join(place, 'launch')))) throw error
  }
}

// The bundled libraries (NSS, NSPR) and font only where the machine has none: its own fit its C library better.
const LAUNCH = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if ! "$here/chromium" --version >/dev/null 2>&1; then
  export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
`

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
`
