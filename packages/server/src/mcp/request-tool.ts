import { tooDeep } from './too-deep.ts'
import type { Json } from './tools/evaluate.ts'
import type { ToolAnswer } from './tools/run-tool.ts'
import type { ServedTool } from './tools-of.ts'

/** Of the answer, decoded. */
export const mostBytes = 100_000

/** One object for all: a schema is compiled for the object that it is. */
const input = {
  type: 'object',
  properties: {
    method: {
      type: 'string',
      enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      default: 'GET',
      description: 'HTTP method',
    },
    path: {
      type: 'string',
      pattern: '^/',
      maxLength: 2000,
      description: 'Path below the base URL of the API, from the slash on, without query: /v1/items/7',
    },
    query: {
      type: 'object',
      maxProperties: 50,
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      description: 'Query parameters by name',
    },
    body: {
      type: ['object', 'array', 'string'],
      description: 'Body: an object or list is sent as JSON, a text as plain text. Not for GET.',
    },
  },
  required: ['path'],
  additionalProperties: false,
}

/** A request of an API that has no tools of its own. It may do anything there, so only servers that write have it. */
export const requestTool = (service: string): ServedTool => ({
  name: 'request',
  title: `Call the ${service} API`,
  description: `Sends one HTTP request to the ${service} API, signed in as the connected account, and gives its status and body. Use paths and parameters from that API's documentation. Answers must be JSON or text of at most 100 kB: ask for fewer items or fields.`,
  access: 'write',
  destructive: true,
  input,
  run: 'request',
})

type Asked = {
  method?: string
  path: string
  query?: Record<string, string | number | boolean>
  body?: Json
}

/** What `request` sends. */
export function readAsked(args: Record<string, Json>) {
  const { method = 'GET', path, query = {}, body } = args as Asked
  const text = typeof body === 'string'
  const sent = body === undefined || method === 'GET' ? null : text ? body : JSON.stringify(body)
  return {
    method,
    path,
    query: new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString(),
    headers: {
      accept: 'application/json, text/*;q=0.5',
      ...(sent === null ? {} : { 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json' }),
    },
    body: sent,
  }
}

/** The answer as a model can use it; one that is too large, or neither JSON nor text, says so. */
export async function tellAnswer(response: Response): Promise<ToolAnswer> {
  const { status } = response
  const type = response.headers.get('content-type') ?? ''
  const isJson = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type)
  if (!isJson && type !== '' && !/^(text\/|application\/xml)/i.test(type)) {
    await response.body?.cancel()
    return fault(status, `a body of type ${type.slice(0, 100)}, which cannot be shown here`)
  }
  const text = await readText(response)
  if (text === null) return fault(status, 'more than 100 kB. Ask for fewer items or fields')
  const body = isJson ? parse(text) : text
  if (!response.ok) return { ok: false, message: JSON.stringify({ status, body }) }
  return { ok: true, value: { status, body } }
}

async function readText(response: Response): Promise<string | null> {
  const text = new TextDecoder()
  let read = 0
  let said = ''
  for await (const part of response.body ?? []) {
    read += part.byteLength
    if (read > mostBytes) return null
    said += text.decode(part, { stream: true })
  }
  return said + text.decode()
}

/** As text where it is no JSON, or nests deeper than what writes it out has a stack for. */
function parse(text: string): Json {
  if (text === '') return null
  try {
    const value = JSON.parse(text) as Json
    return tooDeep(value) ? text : value
  } catch {
    return text
  }
}

const fault = (status: number, what: string): ToolAnswer => ({
  ok: false,
  message: `The API answered ${status} with ${what}.`,
})
