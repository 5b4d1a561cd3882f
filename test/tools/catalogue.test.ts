import { catalogue, providerEntry, type Tool, type ToolArgument } from '@grantry/providers'
import { describe, expect, test } from 'vitest'
import { placeholdersOf } from '../../packages/server/src/mcp/tools/build-request.ts'
import { checkExpression } from '../../packages/server/src/mcp/tools/evaluate.ts'

const served = [...catalogue.values()].filter(({ tools = [] }) => tools.length > 0)
const all = served.flatMap((entry) =>
  entry.tools!.map((tool) => ({ name: `${entry.name} ${tool.name}`, entry, tool })),
)

const expressionsOf = ({ steps, output }: Tool): string[] => [
  output,
  ...steps.flatMap((step) => [
    ...[step.when, step.each, step.body, step.mail].filter((expression) => expression !== undefined),
    ...Object.values(step.query ?? {}),
    ...placeholdersOf(step.path),
  ]),
]

/** The first names of an expression's paths: what it wants from outside, among other words. */
const wordsOf = (expression: string) =>
  new Set(expression.replaceAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, ' ').match(/[A-Za-z_]\w*/g) ?? [])

const crm = (one: string, many: string) => [
  `search_${many}`,
  `list_${many}`,
  `get_${one}`,
  `create_${one}`,
  `update_${one}`,
]

test.each([
  [
    'gmail',
    'search_messages read_message read_thread list_labels create_draft send_message modify_labels'.split(' '),
  ],
  ['google-calendar', 'list_calendars list_events create_event update_event free_busy'.split(' ')],
  ['google-drive', ['search_files', 'read_file', 'export_file']],
  [
    'pipedrive',
    [
      ...crm('deal', 'deals'),
      ...crm('person', 'persons'),
      ...crm('organization', 'organizations'),
      // Its API cannot search the texts of these.
      ...crm('activity', 'activities').slice(1),
      ...crm('note', 'notes').slice(1),
    ],
  ],
  ['hubspot', [...crm('contact', 'contacts'), ...crm('company', 'companies'), ...crm('deal', 'deals')]],
  ['salesforce', ['query', 'get_record', 'create_record', 'update_record']],
  ['slack', ['list_channels', 'read_channel', 'post_message', 'search_users']],
  [
    'github',
    'list_repositories list_issues create_issue list_pull_requests search_issues search_code'.split(' '),
  ],
  ['notion', ['search', 'get_page', 'create_page', 'query_database']],
  ['linear', ['list_issues', 'get_issue', 'create_issue', 'list_projects']],
])('%s has the tools that people come for', (name, wanted) => {
  expect(catalogue.get(name)?.tools?.map((tool) => tool.name)).toEqual(expect.arrayContaining(wanted))
})

test.each(served)('$name: its tools stand what an entry must, and have names of their own', (entry) => {
  expect(providerEntry.safeParse(entry).error?.issues ?? []).toEqual([])
  const names = entry.tools!.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(entry.tools!.some(({ access }) => access === 'read')).toBe(true)
})

describe.each(all)('$name', ({ tool }) => {
  test('every expression can be read', () => {
    for (const expression of expressionsOf(tool))
      expect(() => checkExpression(expression), expression).not.toThrow()
  })

  test('every argument is used and told of; required ones are there', () => {
    const used = new Set(expressionsOf(tool).flatMap((expression) => [...wordsOf(expression)]))
    for (const [name, argument] of Object.entries(tool.input.properties)) {
      expect(used, `${name} is never used`).toContain(name)
      expect(describes(argument), `${name} has no description`).toBe(true)
    }
    expect(Object.keys(tool.input.properties)).toEqual(expect.arrayContaining(tool.input.required ?? []))
  })

  test('steps have names of their own, which are no arguments', () => {
    const names = tool.steps.map(({ as = 'answer' }) => as)
    const taken = new Set([...Object.keys(tool.input.properties), 'it', 'mime'])
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => taken.has(name))).toEqual([])
  })

  test('is short and honest: text for a model, limits on what it takes, no writing by a read tool', () => {
    expect(tool.description.length).toBeLessThanOrEqual(600)
    expect(tool.description).toMatch(/[.)]$/)
    for (const [name, argument] of leavesOf(tool.input.properties)) {
      if (argument.type === 'array') expect(argument.maxItems, `${name} has no maxItems`).toBeDefined()
      if (argument.type === 'string' && !argument.enum && !argument.pattern)
        expect(argument.maxLength, `${name} has no maxLength`).toBeDefined()
      if (argument.additionalProperties)
        expect(argument.maxProperties, `${name} has no maxProperties`).toBeDefined()
    }
    if (tool.access === 'read') {
      expect([tool.destructive, tool.idempotent]).toEqual([undefined, undefined])
      // A search may be a POST; nothing that reads is a PUT, a PATCH or a DELETE.
      for (const { method, graphql, mail } of tool.steps) {
        expect(['GET', 'POST']).toContain(method)
        expect(mail).toBeUndefined()
        if (graphql !== undefined) expect(graphql.trimStart()).toMatch(/^query\b/)
      }
    } else expect(tool.steps.some(({ method }) => method !== 'GET')).toBe(true)
  })
})

const describes = (argument: ToolArgument): boolean => (argument.description ?? '').length > 3

function leavesOf(properties: Record<string, ToolArgument>, at = ''): [string, ToolArgument][] {
  return Object.entries(properties).flatMap(([name, argument]) => [
    [`${at}${name}`, argument] as [string, ToolArgument],
    ...leavesOf(argument.properties ?? {}, `${at}${name}.`),
    ...(argument.items ? leavesOf({ items: argument.items }, `${at}${name}.`) : []),
  ])
}
