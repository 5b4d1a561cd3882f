import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage, consent } from './support/connecting.ts'
import { startTestGrantry, type TestGrantry } from './support/grantry.ts'

let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry()
  await addSandboxIntegration(grantry, 'gmail')
})
afterAll(() => grantry?.close())

test("the README's example runs as it is written, between a person's consent", async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const example = readme.match(/```js\n([\s\S]+?)```/)![1]!
  const [before, after] = example.split('// … later, and from then on:')
  const head = before!.split('\n\n')[0]!

  const link = (await run(before!)).match(/http\S+/)![0]
  const page = await grantry.call('GET', await consent(grantry, link), undefined, { key: null })
  await confirmPage(grantry, page.text, 'connect')
  const listed = JSON.parse(
    await run(`${head}\n${after}\nconsole.log(JSON.stringify(await messages.json()))`),
  )
  expect(listed.messages.length).toBeGreaterThan(0)
})

test('its map shows every page of docs/, once', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, map = ''] = readme.match(/## Map\n([\s\S]+?)\n## /) ?? []
  const shown = [...map.matchAll(/\]\(docs\/([\w-]+\.md)\)/g)].map(([, name]) => name)
  const pages = await readdir(new URL('../docs', import.meta.url))
  // What is written out of the code is linked where it is explained.
  const explained = pages.filter((name) => name.endsWith('.md') && !name.endsWith('-reference.md'))
  expect(shown.sort()).toEqual(explained.sort())
})

async function run(source: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey },
  })
  return stdout
}
