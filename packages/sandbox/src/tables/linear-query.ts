import { type Answer, json } from '../answer.ts'
import { parseSelection, pickFields } from '../graphql.ts'
import type { ApiCall } from '../provider-table.ts'

type Issue = { id: string; title: string }

const failed = (message: string): Answer =>
  json(400, { errors: [{ message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })

/** Linear's schema, as far as it is played. */
export const answerQuery = (call: ApiCall, query: string, variables: Record<string, unknown>): Answer => {
  const selections = parseSelection(query)
  if (!selections) return failed('Syntax Error: Unexpected token.')
  const root = /^\s*mutation\b/.test(query)
    ? { issueCreate: createIssue(call, query, variables) }
    : read(call)
  const unknown = selections.find(({ name }) => !(name in root))
  if (unknown) return failed(`Cannot query field "${unknown.name}" on type "Query".`)
  return json(200, { data: pickFields(root, selections) })
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
