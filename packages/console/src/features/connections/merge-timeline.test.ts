import type { Event, RefreshAttempt } from '@grantry/sdk/transport'
import { expect, test } from 'vitest'
import { mergeTimeline } from './merge-timeline.ts'

const at = (second: number) => new Date(second * 1000).toISOString()
const attempt = (second: number) => ({ id: `att_${second}`, at: at(second) }) as RefreshAttempt
const event = (second: number, type: string, actor = 'key_1') =>
  ({ id: `evt_${second}`, at: at(second), type, actor: { kind: 'api_key', id: actor }, data: {} }) as Event
const told = (...lists: Parameters<typeof mergeTimeline>) =>
  mergeTimeline(...lists).map((moment) =>
    moment.kind === 'event' && moment.also > 0 ? `${moment.id}+${moment.also}` : moment.id,
  )

test('both lists are one, newest first; what attempts say is not said twice', () => {
  const attempts = { items: [attempt(9), attempt(3)], more: false }
  const events = {
    items: [event(9, 'connection.refreshed'), event(5, 'connection.updated'), event(3, 'connection.created')],
    more: false,
  }
  expect(told(attempts, events)).toEqual(['att_9', 'evt_5', 'att_3', 'evt_3'])
})

test('what lies before the end of a list that goes on waits for the rest of it', () => {
  const attempts = { items: [attempt(9), attempt(6)], more: true }
  const events = { items: [event(8, 'connection.updated'), event(2, 'connection.created')], more: false }
  expect(told(attempts, events)).toEqual(['att_9', 'evt_8', 'att_6'])
  expect(told({ ...attempts, more: false }, events)).toEqual(['att_9', 'evt_8', 'att_6', 'evt_2'])
})

test('reads one after the other by the same reader are told as one', () => {
  const reads = [event(9, 'token.read'), event(8, 'token.read'), event(7, 'token.read', 'key_2')]
  const events = { items: [...reads, event(6, 'token.read', 'key_2')], more: false }
  expect(told({ items: [], more: false }, events)).toEqual(['evt_9+1', 'evt_7+1'])
  expect(told({ items: [attempt(8.5)], more: false }, events)).toEqual([
    'evt_9',
    'att_8.5',
    'evt_8',
    'evt_7+1',
  ])
})
