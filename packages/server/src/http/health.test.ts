import { expect, test } from 'vitest'
import { startTestGrantry } from '../../../../test/support/grantry.ts'

test('a server that is to stop lives, answers, and is not ready', async () => {
  const grantry = await startTestGrantry({ sandbox: false })
  const ask = async (path: string) => {
    const { status, body, headers } = await grantry.call('GET', path)
    return [status, body.code ?? 'ok', headers.get('connection')]
  }
  expect(await ask('/readyz')).toEqual([200, 'ok', 'keep-alive'])
  const drained = grantry.drain(1000)
  expect(await ask('/readyz')).toEqual([503, 'shutting_down', 'close'])
  expect(await ask('/healthz')).toEqual([200, 'ok', 'close'])
  expect(await ask('/api/v1/account')).toEqual([200, 'ok', 'close'])
  await drained
  await grantry.close()
})
