import { accountRequest, apiBaseUrl, authorizationUrl, placeholdersIn, Secret } from '@grantry/oauth'
import { describe, expect, test } from 'vitest'
import { catalogue, type Provider, providerEntry, urlsOf } from './index.ts'

const jargon = /\b(OAuth|API|scopes?|tokens?|endpoints?|JSON|HTTP|resources?|metadata|CRUD|params?)\b/i

const exampleParams = (entry: Provider) =>
  Object.fromEntries(
    Object.entries(entry.params ?? {}).map(([name, param]) => [name, param.default ?? param.example ?? '']),
  )

describe.each([...catalogue])('%s', (name, entry) => {
  test('fits the schema, under its own name', () => {
    expect(providerEntry.safeParse(entry).error?.issues).toBeUndefined()
    expect(entry.name).toBe(name)
  })

  test('speaks https only', () => {
    for (const { template } of urlsOf(entry)) expect(template).toMatch(/^(https:\/\/|\/|\{)/)
  })

  test('asks for something, in words that anybody understands', () => {
    const { read, write, always = [] } = entry.scopes
    expect(read.length).toBeGreaterThan(0)
    expect(write.length).toBeGreaterThan(0)
    for (const { sentence } of [...read, ...write, ...always]) {
      expect(sentence).toMatch(/^[A-Z][^.]{8,150}\.$/)
      expect(sentence).not.toMatch(jargon)
    }
    for (const list of [read, write, always])
      expect(new Set(list.map(({ scope }) => scope)).size).toBe(list.length)
  })

  test('explains the scopes that are always asked for', () => {
    const said = (entry.scopes.always ?? []).map(({ scope }) => scope)
    expect(said.sort()).toEqual([...(entry.authorize?.always_scopes ?? [])].sort())
  })

  test('says where its facts were read', () => {
    expect(entry.provenance.length).toBeGreaterThan(0)
    for (const source of entry.provenance) expect(URL.canParse(source), source).toBe(true)
  })

  test('sends people to the right place', () => {
    const params = exampleParams(entry)
    const url = new URL(
      authorizationUrl({
        profile: entry,
        params,
        client_id: 'id',
        redirect_uri: 'https://grantry.example/callback',
        scopes: entry.scopes.read.map(({ scope }) => scope),
        state: 'state',
        code_challenge: entry.authorize?.pkce === 'none' ? null : 'challenge',
      }),
    )
    expect(url.protocol).toBe('https:')
    expect(url.href).not.toMatch(/%7B|\{/)
  })

  test('knows the account and the API once connected', () => {
    const metadata = Object.fromEntries(
      Object.entries(entry.origins ?? {}).map(([name, hosts]) => [
        name,
        `https://${hosts[0]!.replace(/^\./, 'acme.')}`,
      ]),
    )
    for (const name of placeholdersIn(entry.api?.base_url ?? '')) metadata[name] ??= 'acme'
    const params = exampleParams(entry)
    expect(apiBaseUrl(entry, params, metadata)).toMatch(/^https:\/\/[^{}]+$/)
    const request = accountRequest({ profile: entry, params, metadata, access_token: new Secret('t') })
    expect(request?.url).toMatch(/^https:\/\/[^{}]+$/)
  })
})

test('gmail asks for what makes a refresh token come, and reads its company-free API', () => {
  const gmail = catalogue.get('gmail')!
  expect(gmail.authorize?.extra).toMatchObject({ access_type: 'offline', prompt: 'consent' })
  expect(apiBaseUrl(gmail)).toBe('https://gmail.googleapis.com')
})

test('pipedrive takes the company’s host from the token answer, and no other host', () => {
  const pipedrive = catalogue.get('pipedrive')!
  expect(apiBaseUrl(pipedrive, {}, { api_domain: 'https://acme.pipedrive.com' })).toBe(
    'https://acme.pipedrive.com',
  )
  for (const api_domain of ['https://evil.com', 'https://evilpipedrive.com', 'http://acme.pipedrive.com']) {
    expect(() => apiBaseUrl(pipedrive, {}, { api_domain })).toThrow()
  }
})
