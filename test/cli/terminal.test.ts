import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createShell, type Shell } from '../support/cli-process.ts'
import { confirmPage, consent } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { noTerminal, openTerminal, processList } from '../support/terminal.ts'

const hidden = '\u001b[?25l'
const shown = '\u001b[?25h'
/** As it was before: lines, echo, and a cursor that can be seen. */
const asBefore = { echo: true, canonical: true }
const cursorIsBack = (raw: string) => raw.lastIndexOf(shown) >= raw.lastIndexOf(hidden)

if (noTerminal) console.log(`The command line was not driven in a terminal: ${noTerminal}.`)

describe.skipIf(noTerminal)('in a terminal', () => {
  let grantry: TestGrantry
  let shell: Shell
  let env: Record<string, string>
  beforeAll(async () => {
    grantry = await startTestGrantry({ world: { background: false } })
    shell = await createShell()
    env = { ...shell.env, GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey }
  })
  afterAll(() => grantry?.close())

  const open = (line: string, more: Record<string, string> = {}) =>
    openTerminal(['sh', '-c', `exec ${line}`], { env: { ...env, ...more }, cwd: shell.home })
  const configure = (rest = '') =>
    `grantry account oauth configure gmail --client-id ${grantry.sandbox!.clients.gmail!.client_id} ${rest}`

  test('a secret that is asked for is not echoed; Ctrl-C leaves the terminal as it was', async () => {
    const terminal = open(configure())
    await terminal.shows('Client secret')
    terminal.type('half-a-secret')
    await terminal.shows('▪▪▪')
    terminal.type('\u0003')
    expect(await terminal.ended).toEqual({ code: 130, ...asBefore })
    expect(cursorIsBack(terminal.raw())).toBe(true)
    expect(terminal.raw()).not.toContain('secret\u0000')
    expect(terminal.raw()).not.toContain('half-a')
  })

  test('a secret on the command line is warned of, and no process list shows it while it is used', async () => {
    const { client_secret } = grantry.sandbox!.clients.gmail!
    await writeFile(join(shell.home, 'secret'), client_secret)
    const control = grantry.sandbox!.control
    control.fault({ provider: 'gmail', endpoint: 'token', fault: 'hold', times: 1 })
    const terminal = open(configure(`--client-secret "$(cat secret)"`))
    await terminal.shows('Warning: a client secret on the command line')
    await terminal.shows('Checking the credentials')
    await vi.waitFor(() => expect(control.held()).toBe(1), 20_000)
    const list = await processList()
    expect(list.some((line) => line.startsWith('grantry'))).toBe(true)
    expect(list.filter((line) => line.includes(client_secret))).toEqual([])
    control.release()
    expect(await terminal.ended).toEqual({ code: 0, ...asBefore })
    expect(terminal.raw()).not.toContain(client_secret)
    expect(grantry.logs()).not.toContain(client_secret)
  })

  test('connecting turns a spinner, says in green that it is done, and shows the connection', async () => {
    const terminal = open('grantry account oauth auth gmail')
    const address = (await terminal.shows(/Open http\S+\s/)).slice('Open '.length).trim()
    await terminal.shows('⠙ Waiting for you to connect Gmail')
    const callback = await consent(grantry, address)
    const page = await grantry.call('GET', callback, undefined, { key: null })
    await confirmPage(grantry, page.text, 'connect')
    await terminal.shows(/✓ Gmail is connected/)
    expect(await terminal.ended).toEqual({ code: 0, ...asBefore })
    expect(terminal.raw()).toContain('\u001b[32m✓\u001b[39m')
    expect(terminal.raw()).toContain(hidden)
    expect(cursorIsBack(terminal.raw())).toBe(true)
    expect(await readFile(shell.opened, 'utf8')).toBe(`${address}\n`)
  })

  test('Ctrl-C in the middle of waiting ends it at once', async () => {
    const terminal = open('grantry account oauth auth gmail --no-browser', { NO_COLOR: '1' })
    await terminal.shows('Waiting for you to connect Gmail')
    terminal.type('\u0003')
    expect(await terminal.ended).toEqual({ code: 130, ...asBefore })
    expect(cursorIsBack(terminal.raw())).toBe(true)
  })

  test('what destroys is asked about; red is for what failed, and for nothing where NO_COLOR is set', async () => {
    const terminal = open('grantry account oauth revoke gmail')
    await terminal.shows("End the workspace's own connection to gmail?")
    terminal.type('n')
    expect((await terminal.ended).code).toBe(130)
    const failed = open('grantry profile use nobody')
    expect((await failed.ended).code).toBe(3)
    expect(failed.raw()).toContain('\u001b[31m✗\u001b[39m')
    const plain = open('grantry profile use nobody', { NO_COLOR: '1' })
    await plain.ended
    expect(plain.raw()).not.toContain('\u001b[3')
  })

  test('what cannot be undone is typed: another word changes nothing, the right one does it', async () => {
    await grantry.call('POST', '/api/v1/apps', { name: 'Old app' })
    const { body } = await grantry.call('GET', '/api/v1/apps')
    const remove = () => open(`grantry apps delete ${body.data[0].id}`)
    const slip = remove()
    await slip.shows('Type "Old app" to go on')
    slip.type('Old\r')
    expect(await slip.ended).toEqual({ code: 2, ...asBefore })
    expect((await grantry.call('GET', '/api/v1/apps')).body).toEqual(body)
    const sure = remove()
    await sure.shows('Type "Old app" to go on')
    sure.type('Old app\r')
    await sure.shows('✓ Ended the app "Old app".')
    expect((await sure.ended).code).toBe(0)
    expect((await grantry.call('GET', '/api/v1/apps')).body.data).toEqual([])
  })

  test('init asks four questions and writes a file for this user only', async () => {
    const terminal = open('grantry init --file server.env')
    await terminal.shows('Where should its data live?')
    terminal.type('\r')
    await terminal.shows('How do browsers and providers reach it?')
    terminal.type('http://connect.example.com\r')
    await terminal.shows('It must be https')
    terminal.type('\u0015http://localhost:7801\r')
    await terminal.shows('Which database?')
    terminal.type('\r')
    await terminal.shows('Which provider first?')
    terminal.type('\r')
    await terminal.shows('Next: grantry serve')
    expect(await terminal.ended).toEqual({ code: 0, ...asBefore })
    const path = join(shell.home, 'server.env')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toBe(
      `GRANTRY_DATA_DIR=${join(shell.home, 'data')}\nGRANTRY_PUBLIC_URL=http://localhost:7801\nGRANTRY_PORT=7801\nGRANTRY_SANDBOX=1\n`,
    )
  })

  test('Tab completes commands, options and names in bash', async () => {
    await shell.start(`grantry profile add production --url ${grantry.url}`).ended
    const prompt = /bash-\S+[#$] /
    const terminal = openTerminal(['bash', '--norc', '--noprofile', '-i'], {
      env: { ...env, INPUTRC: '/dev/null', TERM: 'dumb' },
      cwd: shell.home,
    })
    await terminal.shows(prompt)
    terminal.type('source <(grantry completion bash)\r')
    await terminal.shows(prompt)
    terminal.type('grantry prof\t')
    await terminal.shows('grantry profile ')
    terminal.type('us\t')
    await terminal.shows('use ')
    terminal.type('pro\t')
    await terminal.shows('production ')
    terminal.type('--js\t')
    await terminal.shows('--json ')
    terminal.type('\r')
    await terminal.shows('"name": "production"')
    await writeFile(join(shell.home, 'a-config-file.json'), '{}')
    terminal.type('grantry app oauth register --provider-config a-conf\t')
    await terminal.shows('a-config-file.json')
    terminal.type('\u0003')
    await terminal.shows(prompt)
    terminal.type('exit\r')
    expect((await terminal.ended).code).toBe(130)
    // Each Tab starts a process.
  }, 90_000)
})
