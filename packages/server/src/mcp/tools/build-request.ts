import type { ToolStep } from '@grantry/providers'
import { composeMail, type Mail } from './compose-mail.ts'
import { evaluate, type Json } from './evaluate.ts'
import { ToolError } from './tool-error.ts'
import { withoutNulls } from './without-nulls.ts'

/** A call of the API, below its base URL. */
export type ToolRequest = {
  method: string
  /** Encoded, from `/` on. */
  path: string
  /** Encoded, without the question mark. */
  query: string
  headers: Record<string, string>
  body: string | null
}

/**
 * The request that a step makes of what is known: arguments, answers so far, `it`.
 * @throws ToolError for an argument that cannot stand where it is needed
 */
export async function buildRequest(step: ToolStep, known: Record<string, Json>): Promise<ToolRequest> {
  const mime =
    step.mail === undefined ? null : await composeMail(withoutNulls(evaluate(step.mail, known)) as Mail)
  const scope = mime === null ? known : { ...known, mime }
  const body = step.body === undefined ? null : withoutNulls(evaluate(step.body, scope))
  const sent = step.graphql === undefined ? body : { query: step.graphql, variables: body ?? {} }
  return {
    method: step.method,
    path: fillPath(step.path, scope),
    query: fillQuery(step.query ?? {}, scope),
    headers: {
      accept: 'application/json',
      ...(sent === null ? {} : { 'content-type': 'application/json' }),
      ...step.headers,
    },
    body: sent === null ? null : JSON.stringify(sent),
  }
}

/** The expressions in a path. */
export const placeholdersOf = (path: string): string[] =>
  [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!)

function fillPath(template: string, known: Record<string, Json>): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, expression: string) => {
    const value = evaluate(expression, known)
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    // `.` and `..` would name another path than the one that was meant.
    if (text === '' || /^\.{1,2}$/.test(text)) throw new ToolError(`"${expression}" is missing or is no id.`)
    return encodeURIComponent(text.toWellFormed())
  })
}

function fillQuery(parameters: Record<string, string>, known: Record<string, Json>): string {
  const query = new URLSearchParams()
  for (const [name, expression] of Object.entries(parameters)) {
    const value = evaluate(expression, known)
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== null && one !== undefined)
        query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one))
  }
  return query.toString()
}
