import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createHome, runCli } from '../../../test/support/cli.ts'
import type { Cli } from './cli.ts'
import { examplesOf } from './examples.ts'
import { buildProgram } from './program.ts'

const profilesOf = (home: string) => join(home, '.config/grantry/profiles.json')
const add = (home: string, name: string, url: string, key = 'gky_the-secret-key') =>
  runCli(['profile', 'add', name, '--url', url, '--api-key-stdin'], { home, stdin: `${key}\n` })

describe('every command', () => {
  const leaves = (command: Command): Command[] =>
    command.commands.length > 0 ? command.commands.flatMap(leaves) : [command]
  const program = buildProgram({ stdout: {}, stderr: {} } as Cli)
  const all = leaves(program).filter((command) => command.name() !== 'complete')
  const pathOf = (command: Command): string =>
    command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

  test.each(all.map((command) => [pathOf(command), command] as const))(
    '%s says what it does, with an example of itself',
    (path, command) => {
      expect(command.description()).not.toBe('')
      expect(examplesOf(command).map((example) => example.command)).toContainEqual(
        expect.stringContaining(path),
      )
      for (const option of command.options) expect([option.flags, option.description]).not.toContain('')
    },
  )

  test.each(
    all.flatMap((command) => examplesOf(command).map((example) => [example.command, pathOf(command)])),
  )('is called in its example as it wants to be: %s', async (line, path) => {
    const called: string[] = []
    const silent = { stdout: { write: () => true }, stderr: { write: () => true } }
    const played = buildProgram(silent as unknown as Cli)
    for (const leaf of leaves(played)) leaf.action(() => void called.push(pathOf(leaf)))
    for (const words of callsIn(line)) await played.parseAsync(words, { from: 'user' })
    expect(called).toContain(path)
  })

  test('takes no option by a name that all have', () => {
    const global = program.options.map(({ long }) => long)
    for (const command of all)
      expect([pathOf(command), command.options.filter(({ long }) => global.includes(long))]).toEqual([
        pathOf(command),
        [],
      ])
  })
})

describe('exit codes', () => {
  test.each([
    [['--help'], 0],
    [['--version'], 0],
    [['profile', 'list'], 0],
    [[], 2],
    [['profile'], 2],
    [['nonsense'], 2],
    [['profile', 'list', '--nonsense'], 2],
    [['profile', 'add'], 2],
    [['profile', 'add', 'prod'], 2],
    [['profile', 'add', '../x', '--url', 'http://localhost:1'], 2],
    [['--url', 'ftp://x', 'account', 'oauth', 'list-providers'], 2],
    [['profile', 'use', 'nobody'], 3],
    [['--profile', 'nobody', 'account', 'oauth', 'list-providers'], 3],
    [['account', 'oauth', 'list-providers'], 1],
  ])('%j ends with %i', async (args, code) => {
    expect((await runCli(args)).code).toBe(code)
  })

  test('results go to stdout, what is wrong to stderr, with the next step', async () => {
    const wrong = await runCli(['profle', 'list'])
    expect([wrong.stdout, wrong.stderr]).toEqual([
      '',
      expect.stringMatching(/Did you mean profile\?.*\nNext: /s),
    ])
    const nobody = await runCli(['account', 'oauth', 'list-providers'])
    expect(nobody.stderr).toBe(
      '✗ There is no credential for http://localhost:7001.\n' +
        'Next: grantry login --url http://localhost:7001, or set GRANTRY_API_KEY\n',
    )
  })

  test('with --json an error is JSON too', async () => {
    const { stdout, stderr, code } = await runCli(['profile', 'use', 'nobody', '--json'])
    expect([code, stdout, JSON.parse(stderr)]).toEqual([
      3,
      '',
      {
        error: { code: 'not_found', message: 'There is no profile "nobody".', next: 'grantry profile list' },
      },
    ])
  })

  test('a server that is not there is told as such, and the key is not', async () => {
    const env = { GRANTRY_URL: 'http://127.0.0.1:9', GRANTRY_API_KEY: 'gky_do-not-tell' }
    const { code, stderr } = await runCli(['account', 'oauth', 'list-providers'], { env })
    expect([code, stderr]).toEqual([1, expect.stringContaining('grantry serve')])
    expect(stderr).not.toContain('do-not-tell')
  })
})

describe('profiles', () => {
  test('are kept in a file that only its owner may read, and never shown with their credential', async () => {
    const home = await createHome()
    expect((await add(home, 'one', 'https://one.example')).code).toBe(0)
    await add(home, 'two', 'https://two.example/')
    expect((await stat(profilesOf(home))).mode & 0o777).toBe(0o600)
    expect((await stat(join(home, '.config/grantry'))).mode & 0o777).toBe(0o700)
    const shown = await runCli(['profile', 'list'], { home })
    expect(shown.stdout).toBe(
      [
        '   NAME  URL                  CREDENTIAL',
        '*  one   https://one.example  API key',
        '   two   https://two.example  API key',
        '',
      ].join('\n'),
    )
    const { stdout } = await runCli(['profile', 'list', '--json'], { home })
    expect(shown.stdout + stdout).not.toContain('the-secret-key')
    expect(await readFile(profilesOf(home), 'utf8')).toContain('the-secret-key')
    // Neither a draft nor a lock is left.
    expect(await readdir(join(home, '.config/grantry'))).toEqual(['profiles.json'])
  })

  test('are chosen, and forgotten', async () => {
    const home = await createHome()
    const unknown = await runCli(['connections', 'list', '--profile', 'constructor'], { home })
    const used = await runCli(['profile', 'use', 'constructor'], { home })
    expect([unknown.code, used.code]).toEqual([3, 3])
    await add(home, 'one', 'https://one.example')
    await add(home, 'two', 'https://two.example')
    await runCli(['profile', 'use', 'two'], { home })
    const current = async () =>
      (await runCli(['profile', 'list', '--json'], { home })).json
        .filter((row: { current: boolean }) => row.current)
        .map((row: { name: string }) => row.name)
    expect(await current()).toEqual(['two'])
    expect((await runCli(['profile', 'remove', 'two'], { home })).code).toBe(0)
    expect(await current()).toEqual([])
    expect((await add(home, 'one', 'https://other.example')).code).toBe(2)
  })

  test('are refused where others can read them, or when they are no profiles; what is in them is not told', async () => {
    const home = await createHome()
    await add(home, 'one', 'https://one.example')
    await chmod(profilesOf(home), 0o640)
    const open = await runCli(['profile', 'list'], { home })
    expect([open.code, open.stderr]).toEqual([
      1,
      expect.stringContaining(`Next: chmod 600 ${profilesOf(home)}`),
    ])
    await chmod(profilesOf(home), 0o600)
    await writeFile(profilesOf(home), '{"profiles": {"one": the-secret-key')
    const broken = await runCli(['profile', 'list'], { home })
    expect([broken.code, broken.stderr]).toEqual([1, expect.not.stringContaining('the-secret')])
  })

  test('changed by many at once are all there afterwards', async () => {
    const home = await createHome()
    const names = Array.from({ length: 8 }, (_, i) => `p${i}`)
    await Promise.all(names.map((name) => add(home, name, 'https://one.example')))
    const { json } = await runCli(['profile', 'list', '--json'], { home })
    expect(json.map((row: { name: string }) => row.name).sort()).toEqual(names)
  })

  test('a lock whose process is gone is taken over', async () => {
    const home = await createHome()
    await mkdir(join(home, '.config/grantry'), { recursive: true })
    // No process has an id this high.
    await writeFile(`${profilesOf(home)}.lock`, '4194999')
    expect((await add(home, 'one', 'https://one.example')).code).toBe(0)
  })

  test('lie where XDG_CONFIG_HOME says', async () => {
    const home = await createHome()
    const env = { XDG_CONFIG_HOME: join(home, 'elsewhere') }
    await runCli(['profile', 'add', 'one', '--url', 'https://one.example'], { home, env })
    expect(await readFile(join(home, 'elsewhere/grantry/profiles.json'), 'utf8')).toContain('one.example')
  })
})

test('nothing is asked where nobody can answer: the flag is named', async () => {
  const env = { GRANTRY_API_KEY: 'k' }
  const { code, stderr } = await runCli(['account', 'oauth', 'configure', 'gmail', '--client-id', 'x'], {
    env,
  })
  expect([code, stderr]).toEqual([2, expect.stringContaining('--client-secret-stdin')])
})

test('no colour and no cursor movement where no terminal is', async () => {
  const home = await createHome()
  const { stdout, stderr } = await add(home, 'one', 'https://one.example')
  const failed = await runCli(['profile', 'use', 'x'], { home })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(stdout + stderr + failed.stderr).not.toMatch(/\u001b/)
})

/** The words of each `grantry …` in a shell line, as a shell would hand them over. */
function callsIn(line: string): string[][] {
  const calls: string[][] = []
  for (const [, rest = ''] of line.matchAll(/(?:^|[(|;] ?)grantry ([^|;<>)]*)/g)) {
    const words = rest.match(/'[^']*'|"(?:\\.|[^"])*"|[^\s'")]+/g) ?? []
    calls.push(words.map((word) => word.replace(/^(['"])([\s\S]*)\1$/, '$2')))
  }
  return calls
}
