import type { Field, Operation, Plan, Resource, Type } from './plan.ts'
import { pascal } from './read-type.ts'

const head = `// biome-ignore-all format: written by scripts/sdk/generate.ts from /openapi.json
// Written by scripts/sdk/generate.ts from /openapi.json. Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.
`

/** `contract.ts`: the shapes of requests and answers. */
export function writeContract(plan: Plan): string {
  const types = plan.types.map(
    ({ name, fields }) => `export type ${name} = {\n${fields.map(fieldLine).join('')}}\n`,
  )
  return [head, ...types].join('\n')
}

/** `resources.ts`: one function of a resource's methods each, and the class that holds them all. */
export function writeResources(plan: Plan): string {
  const used = plan.types.map(({ name }) => name).filter((name) => mentions(plan.resources, name))
  const holder = plan.resources.flatMap(({ name }) => `  readonly ${name}: ${pascal(name)}Resource\n`)
  const filled = plan.resources.map(({ name }) => `    this.${name} = ${name}(call)\n`)
  return [
    `// biome-ignore-all assist/source/organizeImports: written in the order of the alphabet\n${head}`,
    "import { type Call, type CallOptions, segment } from './call.ts'",
    `import type {\n${used.map((name) => `  ${name},\n`).join('')}} from './contract.ts'`,
    "import type { Page } from './page.ts'",
    '',
    plan.resources.map(resource).join('\n'),
    '/** Every resource of the API. */',
    `export class Resources {\n${holder.join('')}\n  constructor(call: Call) {\n${filled.join('')}  }\n}\n`,
  ].join('\n')
}

function resource({ name, operations }: Resource): string {
  const methods = operations.map(
    (operation) => `${comment(docOf(operation), '  ')}  ${signature(operation)}\n`,
  )
  const bodies = operations.map((operation) => `    ${operation.method}: ${implementation(operation)},\n`)
  return [
    `export type ${pascal(name)}Resource = {\n${methods.join('')}}\n`,
    `const ${name} = (call: Call): ${pascal(name)}Resource => ({`,
    `${bodies.join('').replaceAll(/^ {4}/gm, '  ')}})\n`,
  ].join('\n')
}

function signature(operation: Operation): string {
  const { method, answer } = operation
  const item = typeOf(answer.item)
  const returns = answer.kind === 'list' ? `Page<${item}>` : `Promise<${item}>`
  const given = argumentsOf(operation).map(
    ({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`,
  )
  return `${method}(${given.join(', ')}): ${returns}`
}

function implementation(operation: Operation): string {
  const { http, answer, query, body } = operation
  const path = operation.path.includes('{')
    ? `\`${operation.path.replaceAll(/\{([^}]+)\}/g, (_all, name: string) => `\${segment(${camel(name)})}`)}\``
    : `'${operation.path}'`
  const names = argumentsOf(operation).map(({ name }) => name)
  const sent = [...(query ? ['query'] : []), ...(body ? ['body'] : []), '...options'].join(', ')
  const what = answer.kind === 'list' ? `call.list(${path}` : `call.item('${http}', ${path}`
  return `(${names.join(', ')}) => ${what}, { ${sent} })`
}

/** Parts of the path one by one, then what is sent as one object, then how. */
export function argumentsOf(operation: Operation): { name: string; type: string; required: boolean }[] {
  const { params, query, body } = operation
  return [
    ...params.map(({ name, type }) => ({ name: camel(name), type: typeOf(type), required: true })),
    ...(query ? [{ name: 'query', type: query.type, required: query.required }] : []),
    ...(body ? [{ name: 'body', type: typeOf(body.type), required: body.required }] : []),
    { name: 'options', type: 'CallOptions', required: false },
  ]
}

function fieldLine({ name, type, required, description }: Field): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`
  const value = required ? typeOf(type) : `${typeOf(type)} | undefined`
  return `${description ? comment(description, '  ') : ''}  ${key}${required ? '' : '?'}: ${value}\n`
}

export function typeOf(type: Type): string {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type.kind
    case 'integer':
      return 'number'
    case 'any':
      return 'unknown'
    case 'literal':
      return typeof type.value === 'string' ? `'${type.value}'` : String(type.value)
    case 'list':
      return type.of.kind === 'union' ? `(${typeOf(type.of)})[]` : `${typeOf(type.of)}[]`
    case 'map':
      return `Record<string, ${typeOf(type.of)}>`
    case 'union':
      return type.of.map(typeOf).join(' | ')
    case 'named':
      return type.name
  }
}

function docOf({ summary, description, http, path }: Operation): string {
  return [`${summary}.`, ...(description ? [description] : []), `\`${http} ${path}\``].join('\n')
}

function comment(text: string, indent: string): string {
  const lines = text.replaceAll('*/', '*\\/').split('\n')
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}

function mentions(resources: Resource[], name: string): boolean {
  const text = resources.flatMap(({ operations }) => operations.map(signature)).join('\n')
  return new RegExp(`\\b${name}\\b`).test(text)
}

const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
