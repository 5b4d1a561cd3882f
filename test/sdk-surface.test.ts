import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Document, operationsOf } from '../scripts/sdk/document.ts'
import { generated } from '../scripts/sdk/generated.ts'
import type { Plan, Type } from '../scripts/sdk/plan.ts'
import { readDocument } from '../scripts/sdk/read-document.ts'
import { readPlan } from '../scripts/sdk/read-plan.ts'
import { leftOut, surface } from '../scripts/sdk/surface.ts'

let document: Document
let plan: Plan

beforeAll(async () => {
  document = await readDocument()
  plan = readPlan(document)
})

describe('the SDKs and /openapi.json', () => {
  const named = Object.values(surface).flatMap((methods) => Object.values<string>(methods))
  const out = Object.values(leftOut).flat()

  test('each operation is a method of the SDKs, or left out for a reason', () => {
    const all = operationsOf(document)
      .filter(({ path }) => !path.startsWith('/api/v1/proxy/'))
      .map(({ operationId = '' }) => operationId)
    expect(all.filter((id) => !named.includes(id) && !out.includes(id))).toEqual([])
    expect([...named, ...out].filter((id) => !all.includes(id))).toEqual([])
    expect(new Set([...named, ...out]).size).toBe(named.length + out.length)
  })

  test('every type that is mentioned is there, and every one that is there is mentioned', () => {
    const names = plan.types.map(({ name }) => name)
    const inside = (type: Type): string[] => {
      if (type.kind === 'named') return [type.name]
      if (type.kind === 'list' || type.kind === 'map') return inside(type.of)
      return type.kind === 'union' ? type.of.flatMap(inside) : []
    }
    const mentioned = new Set([
      ...plan.types.flatMap(({ fields }) => fields.flatMap(({ type }) => inside(type))),
      ...plan.resources.flatMap(({ operations }) =>
        operations.flatMap(({ query, body, answer }) => [
          ...(query ? [query.type] : []),
          ...(body ? inside(body.type) : []),
          ...inside(answer.item),
        ]),
      ),
    ])
    expect([...mentioned].toSorted()).toEqual(names.toSorted())
    expect(new Set(names).size).toBe(names.length)
  })

  test('what is checked in is what would be written now; else run: node scripts/sdk/generate.ts', () => {
    for (const [path, text] of Object.entries(generated(plan)))
      expect.soft(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), path).toBe(text)
  })
})
