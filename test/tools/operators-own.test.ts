import { readFile } from 'node:fs/promises'
import { catalogue, mergeCatalogue } from '@grantry/providers'
import { getCustomFunctions } from '@jmespath-community/jmespath'
import { expect, test } from 'vitest'
import type { ToolRequest } from '../../packages/server/src/mcp/tools/build-request.ts'
import { runTool } from '../../packages/server/src/mcp/tools/run-tool.ts'

const page = await readFile(new URL('../../docs/tools.md', import.meta.url), 'utf8')
const example = JSON.parse(/```json\n(.*?)```/s.exec(page)![1]!) as { acme: object }

test('the tool in docs/tools.md is a valid one, and does what is said there', async () => {
  // The rest of an entry is told in docs/providers.md.
  const { tools } = mergeCatalogue(catalogue, { gmail: example.acme }).get('gmail')!
  const asked: ToolRequest[] = []
  const answer = await runTool({
    provider: { display_name: 'Acme' },
    tool: tools![0]!,
    args: { customer: 'Löw & Söhne' },
    call: async (request) => {
      asked.push(request)
      const item = {
        id: 7,
        customer: { name: 'Löw & Söhne', vip: true },
        total: 12.5,
        created_at: '2026-03-01',
      }
      return Response.json({ items: [item] })
    },
  })
  expect(asked).toMatchObject([
    { method: 'GET', path: '/v1/orders', query: 'q=L%C3%B6w+%26+S%C3%B6hne&per_page=10', body: null },
  ])
  const order = { order_id: 7, customer: 'Löw & Söhne', total: 12.5, placed: '2026-03-01' }
  expect(answer).toEqual({ ok: true, value: { orders: [order] } })
})

test('docs/tools.md tells of every function that expressions have besides JMESPath’s own', () => {
  const told = [...page.matchAll(/`([a-z0-9_]+)\([a-z_, ]*\)`/g)].map((match) => match[1]!)
  expect(told.toSorted()).toEqual(getCustomFunctions().toSorted())
})

test('a tool that cannot work stops the start: a faulty argument, step or name', () => {
  const [tool] = (example.acme as { tools: Record<string, unknown>[] }).tools
  for (const fault of [
    { name: 'Search' },
    { access: 'admin' },
    { steps: [] },
    { steps: [{ method: 'GET', path: 'https://elsewhere.example/' }] },
    { steps: [{ method: 'GET', path: '//elsewhere.example/' }] },
    { input: { type: 'object', properties: {}, additionalProperties: true } },
    { unknown: 1 },
  ])
    expect(() => mergeCatalogue(catalogue, { gmail: { tools: [{ ...tool, ...fault }] } })).toThrow(
      /gmail\.tools/,
    )
})
