import { readFileSync } from 'node:fs'
import { catalogue, type Tool, type ToolArgument } from '@grantry/providers'
import { describe, expect, test } from 'vitest'
import { buildRequest, type ToolRequest } from '../../packages/server/src/mcp/tools/build-request.ts'
import type { Json } from '../../packages/server/src/mcp/tools/evaluate.ts'
import type { Operation } from '../../scripts/read-api-descriptions.ts'

/** Operations as the provider's own package describes them, which `source` names. */
const read = (name: string): { source: string; operations: Operation[] } =>
  JSON.parse(readFileSync(new URL(`descriptions/${name}.json`, import.meta.url), 'utf8'))

const described = ['pipedrive', 'hubspot']

const sample = (argument: ToolArgument): Json => {
  if (argument.enum) return argument.enum[0]!
  if (argument.type === 'boolean') return true
  if (argument.type === 'integer' || argument.type === 'number') return 7
  if (argument.type === 'array') return [sample(argument.items!)]
  if (argument.type === 'object')
    return Object.fromEntries(
      Object.entries(argument.properties ?? { some: { type: 'string' as const } }).map(([name, inner]) => [
        name,
        sample(inner),
      ]),
    )
  return 'x y'
}

/** All that the tool can send: every argument given, and once for each choice that decides the path. */
async function requestsOf(tool: Tool): Promise<ToolRequest[]> {
  const args = Object.fromEntries(
    Object.entries(tool.input.properties).map(([name, argument]) => [name, sample(argument)]),
  )
  const choices = tool.input.properties.of?.enum ?? [null]
  return Promise.all(
    choices.flatMap((choice) =>
      tool.steps.map((step) => buildRequest(step, { ...args, ...(choice === null ? {} : { of: choice }) })),
    ),
  )
}

/** The operation that a request is; one with the path written out comes before one with placeholders. */
function operationOf(operations: Operation[], { method, path }: ToolRequest): Operation | undefined {
  const segments = path.split('/')
  const fits = (template: string) => {
    const parts = template.split('/')
    return (
      parts.length === segments.length &&
      parts.every((part, at) => /^\{\w+\}$/.test(part) || part === segments[at])
    )
  }
  return operations
    .filter((operation) => operation.method === method && fits(operation.path))
    .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

describe.each(described)('%s', (name) => {
  const entry = catalogue.get(name)!
  const { source, operations } = read(name)
  const scopes = (access: 'read' | 'write') => [
    ...entry.scopes[access].map(({ scope }) => scope),
    ...(entry.authorize?.always_scopes ?? []),
  ]

  test.each(entry.tools!.map((tool) => [tool.name, tool] as const))(
    `%s asks for what ${source} describes`,
    async (_, tool) => {
      for (const request of await requestsOf(tool)) {
        const said = `${request.method} ${request.path}`
        const operation = operationOf(operations, request)
        expect(operation, said).toBeDefined()
        const { query, body, scopes: needed, filters } = operation!
        expect(query, said).toEqual(
          expect.arrayContaining([...new Set(new URLSearchParams(request.query).keys())]),
        )
        const sent = JSON.parse(request.body ?? '{}')
        expect(body, said).toEqual(expect.arrayContaining(Object.keys(sent)))
        for (const condition of sent.filterGroups?.[0]?.filters ?? [])
          expect(filters, said).toEqual(expect.arrayContaining(Object.keys(condition)))
        if (needed)
          expect(
            scopes(tool.access).some((scope) => needed.includes(scope)),
            said,
          ).toBe(true)
      }
    },
  )
})

test('a request that is not described is found out', async () => {
  const { operations } = read('pipedrive')
  const request = { path: '/api/v2/deals/7/nothing', query: '', headers: {}, body: null }
  expect(operationOf(operations, { ...request, method: 'GET' })).toBeUndefined()
  expect(operationOf(operations, { ...request, path: '/api/v2/deals/7', method: 'PUT' })).toBeUndefined()
  expect(
    operationOf(operations, { ...request, path: '/api/v2/deals/search', method: 'GET' })?.query,
  ).toContain('term')
})
