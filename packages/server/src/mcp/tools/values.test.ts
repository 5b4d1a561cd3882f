import type { ToolStep } from '@grantry/providers'
import { expect, test } from 'vitest'
import { buildRequest } from './build-request.ts'
import { evaluate, type Json } from './evaluate.ts'

test('texts are cut between characters', () => {
  expect(evaluate('cut(@, `2`)', '👋👋👋')).toBe('👋👋… (1 more characters)')
  expect(evaluate('cut(@, `3`)', '👋👋👋')).toBe('👋👋👋')
})

test('nulls that are meant are sent, at every depth; others and a bare null are left out', async () => {
  const step: ToolStep = {
    method: 'PATCH',
    path: '/a',
    body: '{fields: keep_nulls(fields), other: other, none: keep_nulls(none)}',
  }
  const fields = { phone: null, name: 'Ada', more: { gone: null, list: [null, 1] } }
  const { body } = await buildRequest(step, { fields, other: { gone: null }, none: null })
  expect(JSON.parse(body!)).toEqual({ fields, other: {} })
})

test('an argument cannot pass for a null that is meant', async () => {
  const { body } = await buildRequest({ method: 'PATCH', path: '/a', body: '{x: x}' }, { x: {} })
  expect(body).toBe('{"x":{}}')
})

test('fields of one name are taken out at every depth', () => {
  const value: Json = { attributes: 1, a: [{ attributes: { b: 2 }, c: null }], d: { attributes: [] } }
  expect(evaluate("without(@, 'attributes')", value)).toEqual({ a: [{ c: null }], d: {} })
  expect(evaluate("without(none, 'attributes')", value)).toBeNull()
})
