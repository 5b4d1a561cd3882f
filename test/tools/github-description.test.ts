import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { catalogue, type ToolArgument } from '@grantry/providers'
import { describe, expect, test } from 'vitest'
import { evaluate, type Json } from '../../packages/server/src/mcp/tools/evaluate.ts'

// GitHub ships the description of its API as types alone (the whole document is 400 MB unpacked). Their form is regular: a
// block's fields stand two columns in. So every request of the tools is held against it: path, method, query, body, and the
// values that an argument may have.

const types = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('@octokit/openapi-types/package.json')), 'types.d.ts'),
  'utf8',
)

/** What stands in the braces that follow this opening, at this column; undefined where there are none. */
function block(text: string, opening: string, column: number): string | undefined {
  const margin = ' '.repeat(column)
  const start = text.indexOf(`\n${margin}${opening}`)
  if (start < 0) return undefined
  const end = text.indexOf(`\n${margin}}`, start + 1)
  return text.slice(start, end)
}

/** Name → type, of the fields at this column. */
function fields(text: string | undefined, column: number): Map<string, string> {
  const found = [...(text ?? '').matchAll(new RegExp(`^ {${column}}"?([\\w-]+)"?\\??:([^;]*;)`, 'gm'))]
  return new Map(found.map(([, name, type]) => [name!, type!]))
}

const paths = block(types, 'export interface paths {', 0)!
const operations = block(types, 'export interface operations {', 0)!
const parameters = block(block(types, 'export interface components {', 0)!, 'parameters: {', 2)!

function operation(method: string, path: string) {
  const id = fields(block(paths, `"${path}": {`, 2), 4)
    .get(method.toLowerCase())
    ?.match(/operations\["(.+)"\]/)?.[1]
  const whole = id && block(operations, `"${id}": {`, 2)
  if (!whole) return null
  const body = block(whole, 'requestBody', 4)
  return {
    query: fields(block(block(whole, 'parameters: {', 4) ?? '', 'query', 6), 8),
    body: fields(block(body ?? '', '"application/json": ', 8), 10),
  }
}

/** A value that fits an argument. */
const sample = ({ type, enum: values }: ToolArgument): Json =>
  values?.[0] ?? (type === 'integer' ? 1 : type === 'boolean' ? true : type === 'array' ? ['x'] : 'x')

describe.each((catalogue.get('github')!.tools ?? []).map((tool) => [tool.name, tool] as const))(
  '%s',
  (_, tool) => {
    const samples = Object.fromEntries(
      Object.entries(tool.input.properties).map(([name, argument]) => [name, sample(argument)]),
    )

    test.each(tool.steps)('$method $path is a request that GitHub describes', (step) => {
      const described = operation(step.method, step.path)
      expect(described, 'the path and method are described').not.toBeNull()
      for (const [name, expression] of Object.entries(step.query ?? {})) {
        expect([...described!.query.keys()]).toContain(name)
        const reference = /components\["parameters"\]\["([\w-]+)"\]/.exec(described!.query.get(name)!)?.[1]
        const type = reference ? (fields(parameters, 4).get(reference) ?? '') : described!.query.get(name)!
        for (const value of tool.input.properties[expression]?.enum ?? [])
          expect(type).toContain(`"${value}"`)
      }
      const body = step.body === undefined ? {} : (evaluate(step.body, samples) as Record<string, Json>)
      for (const name of Object.keys(body)) {
        expect([...described!.body.keys()]).toContain(name)
        const type = described!.body.get(name)!
        for (const value of tool.input.properties[name]?.enum ?? []) expect(type).toContain(`"${value}"`)
      }
    })
  },
)

test('the description is read: what GitHub does not describe is not found', () => {
  expect(operation('GET', '/repos/{owner}/{repo}/issue')).toBeNull()
  expect(operation('PUT', '/repos/{owner}/{repo}/issues')).toBeNull()
  const { query, body } = operation('PATCH', '/repos/{owner}/{repo}/issues/{issue_number}')!
  expect([query.size, body.get('state'), body.has('status')]).toEqual([0, ' "open" | "closed";', false])
})
