import type { Json } from './tools/evaluate.ts'

type Fault = { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> }
type Check = ((args: unknown) => unknown) & { errors?: Fault[] | null }
/** `first` stops at the first fault, `all` finds each. */
type Checks = { first: Check; all(): Check }
type Compile = (schema: object) => Checks

/** A schema is compiled once; the catalogue's live as long as the process. */
const compiled = new WeakMap<object, Checks>()
let compiler: Promise<Compile> | undefined

/** Faults that are told; a call full of them needs no more. */
const mostTold = 5
/** Characters of arguments in which all faults are looked for: a list of a million would have as many. */
const mostSearched = 10_000

/**
 * Checks a call's arguments against its tool's JSON Schema, before anything is sent.
 * @returns what is wrong in words that a model can act on; null where nothing is
 */
export async function faultsIn(schema: object, args: Record<string, Json>): Promise<string | null> {
  let checks = compiled.get(schema)
  if (!checks) {
    compiler ??= loadCompiler()
    checks = (await compiler)(schema)
    compiled.set(schema, checks)
  }
  if (checks.first(args)) return null
  const check = JSON.stringify(args).length > mostSearched ? checks.first : checks.all()
  check(args)
  return (check.errors ?? []).slice(0, mostTold).map(inWords).join(' ')
}

async function loadCompiler(): Promise<Compile> {
  const { Ajv, addFormats } = await import('@modelcontextprotocol/server/validators/ajv')
  const options = { strict: false, verbose: false }
  const first = new Ajv(options)
  const all = new Ajv({ ...options, allErrors: true })
  addFormats(first)
  addFormats(all)
  return (schema) => ({ first: first.compile(schema), all: () => all.compile(schema) })
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
