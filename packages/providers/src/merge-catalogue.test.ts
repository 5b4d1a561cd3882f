import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CatalogueError, catalogue, mergeCatalogue } from './index.ts'

const faultsOf = (overrides: Record<string, unknown>) => {
  try {
    mergeCatalogue(catalogue, overrides)
  } catch (error) {
    if (error instanceof CatalogueError) return error.faults
    throw error
  }
  return []
}

const entry = {
  display_name: 'Example',
  category: 'other',
  docs_url: 'https://docs.example.com',
  grant_types: ['authorization_code'],
  scopes: { read: [], write: [] },
  provenance: [],
  authorization_url: 'https://as.example.com/authorize',
  token_url: 'https://as.example.com/token',
}

describe('an override', () => {
  test('replaces its fields and keeps the others, at every depth', () => {
    const before = structuredClone(catalogue.get('gmail'))
    const merged = mergeCatalogue(catalogue, {
      gmail: {
        token_url: 'http://127.0.0.1:7010/gmail/token',
        revocation: { url: 'http://127.0.0.1:7010/gmail/revoke' },
        authorize: { always_scopes: ['openid'] },
      },
    })
    expect(merged.get('gmail')).toEqual({
      ...before,
      token_url: 'http://127.0.0.1:7010/gmail/token',
      revocation: { ...before!.revocation, url: 'http://127.0.0.1:7010/gmail/revoke' },
      authorize: { ...before!.authorize, always_scopes: ['openid'] },
    })
    expect(catalogue.get('gmail')).toEqual(before)
    expect(merged.get('pipedrive')).toBe(catalogue.get('pipedrive'))
  })

  test('takes a field away by null', () => {
    const merged = mergeCatalogue(catalogue, {
      gmail: { issuer: null, authorize: { extra: { prompt: null } } },
    })
    expect(merged.get('gmail')).not.toHaveProperty('issuer')
    expect(merged.get('gmail')!.authorize!.extra).toEqual({
      access_type: 'offline',
      include_granted_scopes: 'false',
    })
  })

  test('of an unknown name is an entry', () => {
    const merged = mergeCatalogue(catalogue, { example: entry })
    expect(merged.get('example')).toEqual({ name: 'example', ...entry })
    expect([...merged.keys()]).toEqual([...catalogue.keys(), 'example'])
  })

  test('of nothing changes nothing', () => {
    expect([...mergeCatalogue(catalogue, {})]).toEqual([...catalogue])
  })
})

test('the example of docs/providers.md is what it says', () => {
  const guide = readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8')
  const merged = mergeCatalogue(catalogue, JSON.parse(/```json\n([\s\S]+?)```/.exec(guide)![1]!))
  expect(merged.get('helpdesk')).toMatchObject({ name: 'helpdesk', refresh: { leeway: 60 } })
  expect(merged.get('outlook')!.authorize!.extra).toEqual({
    response_mode: 'query',
    prompt: 'select_account',
  })
})

describe('faults', () => {
  test('all of them, each with entry and path', () => {
    const faults = faultsOf({
      gmail: { token_url: 'http://10.0.0.1/token', nope: 1, api: { nope: 1, base_url: 5 } },
      example: { ...entry, token_url: undefined },
      other: { ...entry, name: 'another' },
      text: 'x',
      list: [],
      nothing: null,
    })
    expect(faults.map(({ name, path }) => `${name} ${path}`).sort()).toEqual([
      'example token_url',
      'gmail api.base_url',
      'gmail api.nope',
      'gmail nope',
      'gmail token_url',
      'list ',
      'nothing ',
      'other name',
      'text ',
    ])
    expect(new CatalogueError(faults).message).toContain('gmail.token_url: ')
  })

  test('keys that would reach a prototype', () => {
    expect(faultsOf(JSON.parse('{"gmail":{"__proto__":{"x":1}}}'))).toMatchObject([
      { name: 'gmail', path: '__proto__' },
    ])
    expect(faultsOf(JSON.parse('{"gmail":{"constructor":{"prototype":{"x":1}}}}'))).toMatchObject([
      { path: 'constructor' },
    ])
    expect(faultsOf(JSON.parse(`{"__proto__":${JSON.stringify(entry)}}`))).toMatchObject([
      { name: '__proto__', path: 'name' },
    ])
    expect({}).not.toHaveProperty('x')
  })

  test('whatever is in the file, it is a catalogue or a CatalogueError', () => {
    const keys = fc.oneof(
      fc.constantFrom('gmail', 'pipedrive', 'new', 'token_url', 'api', '__proto__'),
      fc.string(),
    )
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.boolean(),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    }))
    fc.assert(
      fc.property(fc.dictionary(keys, tree.object), (overrides) => {
        try {
          mergeCatalogue(catalogue, overrides as Record<string, unknown>)
        } catch (error) {
          expect(error).toBeInstanceOf(CatalogueError)
          expect((error as CatalogueError).faults.length).toBeGreaterThan(0)
        }
      }),
    )
  })
})
