import { type Answer, json } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'

type Selection = { name: string; fields: Selection[] }
type Issue = { id: string; title: string }

const failed = (message: string): Answer =>
  json(400, { errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })

/** The part of GraphQL that its clients' account lookups and first calls use: fields, without aliases, fragments and directives. */
export const answerQuery = (call: ApiCall, query: string, variables: Record<string, unknown>): Answer => {
  const selections = parse(query)
  if (!selections) return failed('Syntax Error: Unexpected token.')
  const root = /^\s*mutation\b/.test(query)
    ? { issueCreate: createIssue(call, query, variables) }
    : read(call)
  const unknown = selections.find(({ name }) => !(name in root))
  if (unknown) return failed(`Cannot query field "${unknown.name}" on type "Query".`)
  return json(200, { data: pick(root, selections) })
}

const read = ({ account, data }: ApiCall) => ({
  viewer: {
    id: `10472900-0000-4000-8000-0000000000e${account.number}`,
    name: account.name,
    displayName: account.given_name.toLowerCase(),
    email: account.email,
    organization,
  },
  organization,
  issues: { nodes: data as Issue[] },
})

const organization = {
  id: '10472900-0000-4000-8000-0000000000f0',
  name: 'Analytical Engines',
  urlKey: 'engines',
}

/** The title comes as a variable or stands in the query. */
const createIssue = (call: ApiCall, query: string, variables: Record<string, unknown>) => {
  const input = (variables.input ?? variables) as { title?: unknown }
  const title = String(input.title ?? /title:\s*"([^"]*)"/.exec(query)?.[1] ?? '')
  const issues = call.data as Issue[]
  const issue = { id: `10472900-0000-4000-8000-0000000000d${issues.length + 1}`, title }
  issues.push(issue)
  call.send({ kind: 'issue', summary: `issue created: ${title}`, detail: issue })
  return { success: true, issue }
}

/** Arguments are passed over. */
const parse = (query: string): Selection[] | null => {
  const start = query.indexOf('{', query.search(/\)\s*\{|\{/))
  if (start < 0) return null
  const bare = query.slice(start).replace(/\((?:[^()"]|"[^"]*")*\)/g, ' ')
  const tokens = bare.match(/[{}]|\w+/g) ?? []
  const stack: Selection[][] = []
  let root: Selection[] | null = null
  for (const token of tokens) {
    if (token === '{') {
      const fields = stack.at(-1)?.at(-1)?.fields ?? []
      root ??= fields
      stack.push(fields)
    } else if (token === '}') {
      if (!stack.pop()) return null
    } else stack.at(-1)?.push({ name: token, fields: [] })
  }
  return stack.length === 0 ? root : null
}

const pick = (value: unknown, fields: Selection[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => pick(item, fields))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    fields.map((field) => [field.name, pick(record[field.name] ?? null, field.fields)]),
  )
}
