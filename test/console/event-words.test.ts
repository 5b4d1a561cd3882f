import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventTypes } from '../../packages/server/src/audit/event.ts'

test('the console has a sentence for each type of event', () => {
  const source = readFileSync(
    new URL('../../packages/console/src/parts/event-words.ts', import.meta.url),
    'utf8',
  )
  expect(eventTypes.filter((type) => !source.includes(`'${type}':`))).toEqual([])
})
