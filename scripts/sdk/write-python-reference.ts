import type { Operation, Plan, Resource } from './plan.ts'
import { methodName, signature, snake, spread, typeOf } from './write-python.ts'

/** `docs/sdk-python-reference.md`: every method of every resource. */
export function writePythonReference(plan: Plan): string {
  return [
    '# Python SDK: reference\n',
    '<!-- Written by scripts/sdk/generate.ts from /openapi.json. -->\n',
    'How to use it is told in [sdk-python.md](sdk-python.md). `AsyncGrantry` has the same methods: what answers a thing is awaited, and what answers `Pages` gives `AsyncPages`, for `async for`. The shapes are `TypedDict`s in `grantry.types`; what their fields mean stands in the API reference at `/docs` of every server.\n',
    ...plan.resources.map((resource) => section(plan, resource)),
  ].join('\n')
}

const section = (plan: Plan, { name, operations }: Resource) =>
  `## grantry.${snake(name)}\n\n${operations.map((operation) => entry(plan, operation)).join('\n')}`

function entry(plan: Plan, operation: Operation): string {
  const { summary, description, http, path, answer } = operation
  const [, ...given] = signature(plan, operation)
  const item = typeOf(answer.item)
  const answers = answer.kind === 'list' ? `Pages[${item}]` : item
  const what = [`${summary}.`, ...(description ? [description] : []), `\`${http} ${path}\``].join(' ')
  return `\`\`\`text\n${methodName(operation)}(${spread(given, 4)}) -> ${answers}\n\`\`\`\n\n${what}\n`
}
