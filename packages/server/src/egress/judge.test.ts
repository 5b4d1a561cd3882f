import { expect, test, vi } from 'vitest'
import { parseEgressAllow } from './allow.ts'
import { judge } from './judge.ts'
import type { Lookup } from './resolve.ts'
import { parseTarget } from './target.ts'

const at =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

const ask = (url: string, { allow = '', lookup = at('93.184.215.14'), workspace = 'ws_a' } = {}) =>
  judge({ allow: parseEgressAllow(allow), lookup }, workspace, parseTarget(url))

const refused = expect.objectContaining({ code: 'egress_refused_address', sent: false })
const badUrl = expect.objectContaining({ code: 'egress_bad_url', sent: false })

test('a public host may be called, at the addresses that were judged', async () => {
  const lookup = vi.fn(at('93.184.215.14', '2606:2800:21f:cb07::1'))
  expect(await ask('https://provider.example/', { lookup })).toMatchObject({
    by: 'public',
    addresses: [
      { address: '93.184.215.14', family: 4 },
      { address: '2606:2800:21f:cb07::1', family: 6 },
    ],
  })
  expect(lookup).toHaveBeenCalledExactlyOnceWith('provider.example')
})

test.each(['10.0.0.1', '127.0.0.1', '::1', 'fe80::1%eth0', '64:ff9b::a00:1', '169.254.169.254', 'nonsense'])(
  'one address that is not public refuses the host: %s',
  async (bad) => {
    await expect(ask('https://provider.example/', { lookup: at('93.184.215.14', bad) })).rejects.toEqual(
      refused,
    )
    await expect(ask('https://provider.example/', { lookup: at(bad, '93.184.215.14') })).rejects.toEqual(
      refused,
    )
  },
)

test.each([
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://10.1.2.3:8443/',
  'https://169.254.169.254/',
  'https://localhost/',
  'https://x.localhost/',
  'https://intranet/',
  'https://vault.internal/',
  'https://metadata.google.internal/',
])('refuses %s without asking the resolver', async (url) => {
  const lookup = vi.fn(at('93.184.215.14'))
  await expect(ask(url, { lookup })).rejects.toEqual(refused)
  expect(lookup).not.toHaveBeenCalled()
})

test('the refusal tells the tenant nothing of the address; its cause tells the log', async () => {
  const error = await ask('https://provider.example/', { lookup: at('10.20.30.40') }).catch((e: Error) => e)
  expect(String(error)).not.toContain('10.20.30.40')
  expect(String((error as Error).cause)).toContain('10.20.30.40')
})

test('a rule opens private addresses, for its workspace, host and port', async () => {
  const allow = 'ws_a@crm.internal:8443'
  const lookup = at('10.0.0.1')
  expect(await ask('https://crm.internal:8443/', { allow, lookup })).toMatchObject({ by: 'rule' })
  await expect(ask('https://crm.internal:8443/', { allow, lookup, workspace: 'ws_b' })).rejects.toEqual(
    refused,
  )
  await expect(ask('https://crm.internal/', { allow, lookup })).rejects.toEqual(refused)
  await expect(ask('https://other.internal:8443/', { allow, lookup })).rejects.toEqual(refused)
})

test.each([
  '169.254.169.254',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '100.100.100.200',
])('no rule opens the way to metadata at %s', async (address) => {
  const allow = 'crm.example:443,localhost:9000'
  await expect(ask('https://crm.example/', { allow, lookup: at('10.0.0.1', address) })).rejects.toEqual(
    refused,
  )
  await expect(ask('http://localhost:9000/', { allow, lookup: at(address) })).rejects.toEqual(refused)
})

test('a metadata name is refused even by a rule made without the parser', async () => {
  const allow = [{ workspace: null, host: 'metadata.google.internal', port: 443 }]
  const target = parseTarget('https://metadata.google.internal/')
  await expect(judge({ allow, lookup: at('93.184.215.14') }, 'ws_a', target)).rejects.toEqual(refused)
})

test('plain http goes to loopback by a rule, and nowhere else', async () => {
  const allow = 'localhost:9000,crm.internal:80,127.0.0.1:9001,[::1]:9002'
  expect(await ask('http://localhost:9000/', { allow, lookup: at('::1', '127.0.0.1') })).toMatchObject({
    by: 'rule',
  })
  expect(await ask('http://127.0.0.1:9001/', { allow })).toMatchObject({ by: 'rule' })
  expect(await ask('http://[::1]:9002/', { allow })).toMatchObject({ by: 'rule' })
  await expect(ask('http://localhost:9001/', { allow, lookup: at('127.0.0.1') })).rejects.toEqual(badUrl)
  await expect(ask('http://provider.example/')).rejects.toEqual(badUrl)
  await expect(ask('http://crm.internal/', { allow, lookup: at('10.0.0.1') })).rejects.toEqual(badUrl)
  await expect(
    ask('http://localhost:9000/', { allow, lookup: at('127.0.0.1', '93.184.215.14') }),
  ).rejects.toEqual(badUrl)
})

test('a host without an address is unresolvable', async () => {
  const unresolvable = expect.objectContaining({ code: 'egress_unresolvable', sent: false })
  await expect(ask('https://provider.example/', { lookup: at() })).rejects.toEqual(unresolvable)
  const lookup = () => Promise.reject(new Error('ENOTFOUND'))
  await expect(ask('https://provider.example/', { lookup })).rejects.toEqual(unresolvable)
})
