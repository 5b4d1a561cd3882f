import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

test('shows its text to nobody who does not ask for it', () => {
  const secret = new Secret('canary')
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 5, showHidden: true }),
    Object.values(secret).join(),
    String(structuredClone({ ...secret })),
  ]
  expect(shown.join()).not.toContain('canary')
  expect(secret.expose()).toBe('canary')
})
