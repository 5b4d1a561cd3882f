import { type Catalogue, catalogue } from '@grantry/providers'
import { expect, test } from 'vitest'
import { sandboxOverrides } from './sandbox-overrides.ts'

const gmail = catalogue.get('gmail')!
const endpoints = { authorization_url: 'http://localhost:1/a', token_url: 'http://localhost:1/t' }

test('replaces the addresses that an entry has and adds none', () => {
  const { account: _, ...bare } = gmail
  const entries: Catalogue = new Map([['gmail', bare as typeof gmail]])
  const override = {
    ...endpoints,
    api: { base_url: 'http://localhost:1' },
    account: { url: 'http://localhost:1/me' },
    tenants: { url: 'http://localhost:1/sites' },
  }
  expect(sandboxOverrides(entries, { gmail: override })).toEqual({
    gmail: { ...endpoints, api: { base_url: 'http://localhost:1' } },
  })
})

test('leaves out what the catalogue lacks', () => {
  expect(sandboxOverrides(new Map(), { gmail: endpoints })).toEqual({})
})
