import type { Json } from './tools/evaluate.ts'

type Fault = { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> }
type Check = ((args: unknown) => unknown) & { errors?: Fault[] | null }
type Compile = (schema: object) => Check

/** A schema is compiled once; the catalogue's live as long as the process. */
const compiled = new WeakMap<object, Check>()
let compiler: Promise<Compile> | undefined

/** Faults that are told; a call full of them needs no more. */
const mostTold = 5

/**
 * Checks a call's arguments against its tool's JSON Schema, before anything is sent.
 * @returns what is wrong in words that a model can act on; null where nothing is
 */
export async function faultsIn(schema: object, args: Record<string, Json>): Promise<string | null> {
  let check = compiled.get(schema)
  if (!check) {
    compiler ??= loadCompiler()
    check = (await compiler)(schema)
    compiled.set(schema, check)
  }
  if (check(args)) return null
  return (check.errors ?? []).slice(0, mostTold).map(inWords).join(' ')
}

async function loadCompiler(): Promise<Compile> {
  const { Ajv, addFormats } = await import('@modelcontextprotocol/server/validators/ajv')
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: false })
  addFormats(ajv)
  return (schema) => ajv.compile(schema)
}

function inWords({ instancePath, keyword, message, params }: Fault): string {
  const at = instancePath.split('/').slice(1).join('.')
  switch (keyword) {
    case 'additionalProperties':
      return `There is no argument "${shorten(join(at, params.additionalProperty))}".`
    case 'required':
      return `"${join(at, params.missingProperty)}" is missing.`
    case 'enum':
      return `"${at}" must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}.`
    default:
      return at === '' ? `The arguments ${message}.` : `"${shorten(at)}" ${message}.`
  }
}

const join = (at: string, name: unknown) => (at === '' ? String(name) : `${at}.${name}`)
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
