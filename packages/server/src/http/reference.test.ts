import * as contract from '@grantry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { operationId } from './operation-id.ts'

let grantry: TestGrantry
let operations: { path: string; operationId?: string }[]

beforeAll(async () => {
  grantry = await startTestGrantry({ sandbox: false })
  const { body } = await grantry.call('GET', '/openapi.json')
  operations = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operationId: operation.operationId })),
  )
})
afterAll(() => grantry.close())

test('every operation but the proxy, which is many, has an id of its own', () => {
  const named = operations.filter(({ path }) => !path.startsWith('/api/v1/proxy/'))
  expect(named.filter(({ operationId }) => !operationId)).toEqual([])
  expect(new Set(named.map(({ operationId }) => operationId)).size).toBe(named.length)
})

test('it is the name by which the contract exports the endpoint, and none of these is missing', () => {
  const exported = Object.entries(contract).flatMap(([name, value]) =>
    typeof value === 'object' && 'access' in value && 'path' in value ? name : [],
  )
  expect(exported.length).toBeGreaterThan(80)
  const described = new Set(operations.map(({ operationId }) => operationId))
  expect(exported.filter((name) => !described.has(name))).toEqual([])
})

test('an endpoint that the contract does not export stops the start', () => {
  expect(() => operationId({ ...contract.listConnections })).toThrow('does not export')
})
