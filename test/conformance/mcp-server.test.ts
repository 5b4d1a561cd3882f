import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { binOf, type Command, run } from './mcp-clients/command.ts'
import { expectedFailures } from './mcp-server/expected-failures.ts'
import { listenWithFixtures } from './mcp-server/listen.ts'

const suite = '@modelcontextprotocol/conformance'
const requirements = new URL(`../../node_modules/${suite}/requirements/`, import.meta.url)

type Check = { id: string; status: string; errorMessage?: string }

let server: Awaited<ReturnType<typeof listenWithFixtures>>
const folders: string[] = []
const started: Command[] = []

beforeAll(async () => {
  server = await listenWithFixtures()
})
afterAll(async () => {
  for (const command of started) command.stop()
  await server?.close()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

// The MCP project's conformance suite for servers, at our mount and bridge with its own fixtures behind them.
test.each(Object.entries(expectedFailures))(
  'every scenario that %s requires succeeds, but those that are explained',
  { timeout: 180_000 },
  async (revision, expected) => {
    const output = await mkdtemp(join(tmpdir(), 'grantry-conformance-'))
    folders.push(output)
    const command = run(suite, binOf(suite, 'conformance'), [
      'server',
      ...['--url', server.url],
      ...['--requirements', revision],
      ...['--output-dir', output],
    ])
    started.push(command)
    const { text } = await command.ended
    const results = await readResults(output)
    const required = await readRequired(revision)
    expect([...results.keys()], text).toEqual(expect.arrayContaining(required))
    const failures = required.flatMap((scenario) => {
      const failed = results.get(scenario)!.filter(({ status }) => status === 'FAILURE')
      return failed.length === 0
        ? []
        : [[scenario, failed.map(({ id, errorMessage }) => `${id}: ${errorMessage}`)]]
    })
    const unexplained = failures.filter(([scenario]) => !((scenario as string) in expected))
    expect(unexplained).toEqual([])
    expect(failures.map(([scenario]) => scenario).sort()).toEqual(Object.keys(expected).sort())
  },
)

/** Checks by scenario; the suite names a folder `server-SCENARIO-TIME`. */
async function readResults(output: string): Promise<Map<string, Check[]>> {
  const paths = (await readdir(output, { recursive: true })).filter((path) => path.endsWith('checks.json'))
  const results = new Map<string, Check[]>()
  for (const path of paths) {
    const [, scenario = path] = /server-([a-z0-9-]+?)-\d{4}-\d\d-\d\dT/.exec(path) ?? []
    results.set(scenario, JSON.parse(await readFile(join(output, path), 'utf8')) as Check[])
  }
  return results
}

/** The frozen list of what a revision requires of servers. */
async function readRequired(revision: string): Promise<string[]> {
  const text = await readFile(fileURLToPath(new URL(`${revision}.yaml`, requirements)), 'utf8')
  const [, list = ''] = /^server:\n((?: +- .*\n)+)/m.exec(text) ?? []
  const names = [...list.matchAll(/- (\S+)/g)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(20)
  return names
}
