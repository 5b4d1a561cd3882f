import { expect, test, vi } from 'vitest'
import { rememberLookups, systemLookup } from './resolve.ts'

const answer = [{ address: '93.184.215.14', family: 4 }]

test('one question serves everybody who asks while it runs and for its time to live', async () => {
  let now = 0
  const ask = vi.fn(async () => answer)
  const lookup = rememberLookups(ask, 1000, () => now)
  expect(await Promise.all([lookup('a.example'), lookup('a.example')])).toEqual([answer, answer])
  now = 999
  await lookup('a.example')
  expect(ask).toHaveBeenCalledTimes(1)
  await lookup('b.example')
  expect(ask).toHaveBeenCalledTimes(2)
  now = 1000
  await lookup('a.example')
  expect(ask).toHaveBeenCalledTimes(3)
})

test('a failure is not remembered', async () => {
  const ask = vi.fn(async () => answer).mockRejectedValueOnce(new Error('SERVFAIL'))
  const lookup = rememberLookups(ask, 1000, () => 0)
  await expect(lookup('a.example')).rejects.toThrow('SERVFAIL')
  expect(await lookup('a.example')).toEqual(answer)
})

test('any number of names takes bounded memory, the newest kept', async () => {
  const ask = vi.fn(async () => answer)
  const lookup = rememberLookups(ask, 1000, () => 0)
  for (let i = 0; i < 1500; i++) await lookup(`${i}.example`)
  await lookup('1499.example')
  expect(ask).toHaveBeenCalledTimes(1500)
  await lookup('0.example')
  expect(ask).toHaveBeenCalledTimes(1501)
})

test("the machine's resolver answers every address of localhost", async () => {
  const addresses = await systemLookup('localhost')
  expect(addresses.length).toBeGreaterThan(0)
  for (const { address } of addresses) expect(['127.0.0.1', '::1']).toContain(address)
})
