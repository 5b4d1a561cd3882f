import type { Operation, Plan } from './plan.ts'
import { argumentsOf, typeOf } from './write-typescript.ts'

/** `docs/sdk-node-reference.md`: every method by resource, then every shape. */
export function writeNodeReference(plan: Plan): string {
  const resources = plan.resources.map(
    ({ name, operations }) => `## ${name}\n\n${operations.map(methodEntry).join('\n')}`,
  )
  const types = plan.types.map(({ name, fields }) => {
    const rows = fields.map(
      (field) =>
        `| \`${field.name}\`${field.required ? '' : '?'} | ${cell(`\`${typeOf(field.type)}\``)} | ${cell(field.description ?? '')} |\n`,
    )
    return `### ${name}\n\n| field | type | |\n|---|---|---|\n${rows.join('')}`
  })
  return [
    '# The Node SDK: reference',
    'Written from `/openapi.json` by `node scripts/sdk/generate.ts`. The [guide](sdk-node.md) says how it is used. The last argument of every method, `options`, is `{ signal, timeout }`.',
    ...resources,
    '## Shapes',
    ...types,
  ]
    .join('\n\n')
    .concat('\n')
}

function methodEntry(operation: Operation): string {
  const { resource, method, http, path, summary, description, answer } = operation
  const given = argumentsOf(operation)
    .filter(({ name }) => name !== 'options')
    .map(({ name, type, required }) => `${name}${required ? '' : '?'}: ${type}`)
  const item = typeOf(answer.item)
  const returns = answer.kind === 'list' ? `Page<${item}>` : `Promise<${item}>`
  return [
    `**\`grantry.${resource}.${method}(${given.join(', ')}): ${returns}\`**`,
    `<br>${summary}.${description ? ` ${description.replaceAll('\n', ' ')}` : ''} \`${http} ${path}\`\n`,
  ].join('\n')
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
