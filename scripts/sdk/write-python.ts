import type { Field, NamedType, Operation, Plan, Resource, Type } from './plan.ts'
import { pascal } from './read-type.ts'

const origin = 'Written by scripts/sdk/generate.ts from /openapi.json.'
const head = `# ${origin} Change the contract (packages/api) or scripts/sdk/surface.ts, then run it.\n`

/** What differs between the two clients. */
const flavours = {
  sync: { prefix: '', def: 'def', call: '', pages: 'Pages', transport: 'Transport' },
  async: {
    prefix: 'Async',
    def: 'async def',
    call: 'await ',
    pages: 'AsyncPages',
    transport: 'AsyncTransport',
  },
} as const
export type Flavour = keyof typeof flavours

/** `types.py`: the shapes of requests and answers, each before those that hold it. */
export function writePythonTypes(plan: Plan): string {
  const classes = inOrder(plan.types).map(typedDict)
  return [
    '"""The shapes of requests and answers."""\n',
    head,
    'import sys\nfrom typing import Any, Literal\n',
    'if sys.version_info >= (3, 11):\n    from typing import NotRequired, TypedDict\nelse:\n    from typing_extensions import NotRequired, TypedDict\n',
    `__all__ = [\n${plan.types.map(({ name }) => `    "${name}",\n`).join('')}]\n`,
    '',
    classes.join('\n\n'),
  ].join('\n')
}

/** `resources.py` or `async_resources.py`: one class a resource, and the one that holds them all. */
export function writePythonResources(plan: Plan, flavour: Flavour): string {
  const { prefix, pages, transport } = flavours[flavour]
  const classes = plan.resources.map((resource) => resourceClass(plan, resource, flavour)).join('\n\n')
  const used = plan.types.map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(classes))
  const typing = ['Any', 'Literal'].filter((name) => new RegExp(`\\b${name}\\b`).test(classes))
  const holder = plan.resources.map(
    ({ name }) => `        self.${snake(name)} = ${prefix}${pascal(name)}Resource(transport, exchange)\n`,
  )
  return [
    '"""The resources of the API, and what can be done with each."""\n',
    head,
    'from __future__ import annotations\n',
    'from collections.abc import Mapping, Sequence',
    `from typing import ${typing.join(', ')}\n`,
    'from .exchange import Call, Exchange, fill, given',
    `from .pages import ${pages}`,
    `from .resource import ${prefix}Resource`,
    `from .transport import ${transport}`,
    `from .types import (\n${used.map((name) => `    ${name},\n`).join('')})`,
    'from .unset import UNSET, Unset\n\n',
    classes,
    '',
    `class ${prefix}Resources:\n    """Every resource of the API."""\n`,
    `    def __init__(self, transport: ${transport}, exchange: Exchange) -> None:`,
    `        self._transport = transport\n        self._exchange = exchange\n${holder.join('')}`,
  ].join('\n')
}

function resourceClass(plan: Plan, { name, operations }: Resource, flavour: Flavour): string {
  const { prefix } = flavours[flavour]
  const methods = operations.map((operation) => method(plan, operation, flavour))
  return `class ${prefix}${pascal(name)}Resource(${prefix}Resource):\n${methods.join('\n')}`
}

function method(plan: Plan, operation: Operation, flavour: Flavour): string {
  const { def, call, pages } = flavours[flavour]
  const { params, answer, path, http } = operation
  const query = fieldsOf(plan, operation.query?.type)
  const body = fieldsOf(plan, operation.body?.type.kind === 'named' ? operation.body.type.name : undefined)
  const address =
    params.length === 0
      ? `"${path}"`
      : `fill("${path}", ${params.map(({ name }) => `${name}=${name}`).join(', ')})`
  const sent = [
    `"${http}"`,
    address,
    ...(query.length > 0 ? [members(query.map(({ name }) => name))] : []),
    ...(operation.body ? [`body=${bodyOf(body)}`] : []),
  ]
  const built = `Call(\n${sent.map((part) => `            ${part},\n`).join('')}        )`
  const item = typeOf(answer.item)
  const listed = answer.kind === 'list'
  const doc = docstring(operation, [...params, ...query, ...body])
  const lines = listed
    ? [`return ${pages}(self._transport, self._exchange, ${built})`]
    : [`answer: ${item} = ${call}self._item(${built})`, 'return answer']
  return [
    `    ${listed ? 'def' : def} ${methodName(operation)}(${spread(signature(plan, operation), 8)}) -> ${listed ? `${pages}[${item}]` : item}:`,
    doc,
    ...lines.map((line) => `        ${line}`),
    '',
  ].join('\n')
}

/** Parts of the path by position; all that is sent by its name. */
export function signature(plan: Plan, operation: Operation): string[] {
  const sent = [
    ...fieldsOf(plan, operation.query?.type),
    ...fieldsOf(plan, operation.body?.type.kind === 'named' ? operation.body.type.name : undefined),
  ]
  const [required, optional] = [
    sent.filter((field) => field.required),
    sent.filter((field) => !field.required),
  ]
  return [
    'self',
    ...operation.params.map(({ name }) => `${name}: str`),
    ...(sent.length > 0 ? ['*'] : []),
    ...required.map(({ name, type }) => `${name}: ${inputOf(type)}`),
    ...optional.map(({ name, type }) =>
      nullable(type)
        ? `${name}: ${inputOf(type)} | Unset = UNSET`
        : `${name}: ${inputOf(type)} | None = None`,
    ),
  ]
}

/** On one line while that is short, else on one each. */
export function spread(parts: string[], indent: number): string {
  const line = parts.join(', ')
  if (line.length <= 70) return line
  const space = ' '.repeat(indent)
  return `\n${parts.map((part) => `${space}${part},\n`).join('')}${space.slice(4)}`
}

/** null is sent where it means something, else None is as good as nothing said. */
function bodyOf(fields: Field[]): string {
  const kept = fields.filter(({ required, type }) => required || nullable(type)).map(({ name }) => name)
  const dropped = fields.filter(({ required, type }) => !required && !nullable(type)).map(({ name }) => name)
  return dropped.length === 0 ? members(kept) : `given(${members(kept)}, ${members(dropped)})`
}

const members = (names: string[]) =>
  `{${spread(
    names.map((name) => `"${name}": ${name}`),
    16,
  )}}`

function fieldsOf(plan: Plan, name: string | undefined): Field[] {
  const fields = plan.types.find((type) => type.name === name)?.fields ?? []
  for (const field of fields)
    if (!/^[a-z][a-z0-9_]*$/.test(field.name) || keywords.has(field.name))
      throw new Error(`${name}.${field.name} is no name in Python`)
  return fields
}

function docstring({ summary, description, http, path }: Operation, fields: Field[]): string {
  const told = fields.filter(({ description }) => description !== null)
  const text = [
    `${summary}.`,
    ...(description ? ['', description] : []),
    '',
    `\`\`${http} ${path}\`\``,
    ...(told.length > 0 ? ['', ...told.map((field) => `${field.name}: ${field.description}`)] : []),
  ].map((line) => (line === '' ? '' : `        ${line.replaceAll('\\', '\\\\').replaceAll('"""', "'''")}`))
  return `        """${text.join('\n').trimStart()}\n        """`
}

function typedDict({ name, fields }: NamedType): string {
  const lines = fields.map(({ name: field, type, required, description }) => {
    const value = required ? typeOf(type) : `NotRequired[${typeOf(type)}]`
    return `${description ? `    #: ${description.replaceAll('\n', ' ')}\n` : ''}    ${field}: ${value}\n`
  })
  return `class ${name}(TypedDict):\n${lines.join('') || '    pass\n'}`
}

/** What holds others comes after them, so that nothing is named before it is there. */
function inOrder(types: NamedType[]): NamedType[] {
  const sorted: NamedType[] = []
  const visit = (type: NamedType) => {
    if (sorted.includes(type)) return
    for (const name of type.fields.flatMap(({ type: inner }) => namesIn(inner)))
      visit(types.find((other) => other.name === name)!)
    sorted.push(type)
  }
  types.forEach(visit)
  return sorted
}

function namesIn(type: Type): string[] {
  if (type.kind === 'named') return [type.name]
  if (type.kind === 'union') return type.of.flatMap(namesIn)
  return 'of' in type ? namesIn(type.of) : []
}

export function typeOf(type: Type): string {
  switch (type.kind) {
    case 'string':
      return 'str'
    case 'integer':
      return 'int'
    case 'number':
      return 'float'
    case 'boolean':
      return 'bool'
    case 'null':
      return 'None'
    case 'any':
      return 'Any'
    case 'literal':
      return `Literal[${literal(type.value)}]`
    case 'list':
      return `list[${typeOf(type.of)}]`
    case 'map':
      return `dict[str, ${typeOf(type.of)}]`
    case 'union':
      return unionOf(type.of, typeOf)
    case 'named':
      return type.name
  }
}

/** As an argument: whatever can be read as a list or a map. */
function inputOf(type: Type): string {
  if (type.kind === 'list') return `Sequence[${inputOf(type.of)}]`
  if (type.kind === 'map') return `Mapping[str, ${inputOf(type.of)}]`
  if (type.kind === 'union') return unionOf(type.of, inputOf)
  return typeOf(type)
}

/** Literals stand together: `Literal["a", "b"] | None`. */
function unionOf(types: Type[], write: (type: Type) => string): string {
  const literals = types.flatMap((type) => (type.kind === 'literal' ? [literal(type.value)] : []))
  const others = types.filter(({ kind }) => kind !== 'literal').map(write)
  return [...(literals.length > 0 ? [`Literal[${literals.join(', ')}]`] : []), ...others].join(' | ')
}

function literal(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

const nullable = (type: Type) => type.kind === 'union' && type.of.some(({ kind }) => kind === 'null')

export const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** PEP 8: a trailing underscore where the word is taken. */
export function methodName({ method }: Pick<Operation, 'method'>): string {
  const name = snake(method)
  return keywords.has(name) ? `${name}_` : name
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)
