import { expect, test } from 'vitest'
import { selectFields } from './google-field-mask.ts'

const value = {
  kind: 'list',
  files: [{ id: '1', owners: [{ name: 'Ada', email: 'a' }], size: '3' }, { id: '2' }],
  user: { name: 'Ada', email: 'a' },
}
const known = new Set(['kind', 'files', 'id', 'owners', 'name', 'email', 'size', 'user'])

test.each([
  ['*', value],
  ['kind', { kind: 'list' }],
  ['files(id, owners(name))', { files: [{ id: '1', owners: [{ name: 'Ada' }] }, { id: '2' }] }],
  ['files/id,user/email', { files: [{ id: '1' }, { id: '2' }], user: { email: 'a' } }],
  ['files/owners/email', { files: [{ owners: [{ email: 'a' }] }, {}] }],
  ['files/nothing', 'nothing'],
  ['files(id', 'files(id'],
  ['kind,,user', 'kind,,user'],
  ['', ''],
])('%s', (fields, expected) => {
  expect(selectFields(value, fields, known)).toEqual(expected)
})
