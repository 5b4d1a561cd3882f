import { expect, test } from 'vitest'
import { html, render } from '../http/html.ts'
import { en } from './en.ts'
import { languages } from './language.ts'
import { catalogues, type Key, speechIn } from './speech.ts'

const keys = Object.keys(en) as Key[]
const placeholders = (text: string) => (text.match(/\{[^}]*\}/g) ?? []).sort()
const others = languages.filter((language) => language !== 'en')

test.each(languages)('%s says all that English says, and names what English names', (language) => {
  expect(Object.keys(catalogues[language])).toEqual(keys)
  for (const key of keys) {
    const text = catalogues[language][key]
    expect(text, key).toMatch(/^\S(.*\S)?$/)
    // A name may be said twice, or a word that English has twice once: never one that nobody gives.
    expect([...new Set(placeholders(text))], key).toEqual([...new Set(placeholders(en[key]))])
    expect(text, key).not.toMatch(/!|！|\{\W|\s{2}|'/)
  }
})

test.each(others)('%s is no copy of English', (language) => {
  const same = keys.filter((key) => catalogues[language][key] === en[key])
  // What the languages share.
  expect(
    same.filter((key) => !['outcome.code', 'device.code', 'join.name', 'sign_in.email'].includes(key)),
  ).toEqual([])
})

test.each(others)('%s ends its sentences where English does', (language) => {
  for (const key of keys) {
    const ends = /[.?]$/.test(en[key])
    expect(/[.?。？]$|: \{code\}\.?$|\{when\}$/.test(catalogues[language][key]) || !ends, key).toBe(true)
  }
})

test('says a message with its names in it, and marks them up where that is wished', () => {
  const { say, mark } = speechIn('de')
  const names = { provider: '<b>Gmail</b>', workspace: '{provider}' }
  expect(say('done.heading', names)).toBe('<b>Gmail</b> ist mit {provider} verbunden.')
  expect(render(mark('confirm.whom', { person: html`<strong>${'<Ada>'}</strong>` }))).toBe(
    'Verbunden wird es für <strong>&lt;Ada&gt;</strong>. Wenn Sie das nicht sind, sagen Sie es bitte.',
  )
  expect(render(mark('done.heading', names))).toContain('&lt;b&gt;Gmail&lt;/b&gt;')
})

test.each([
  [0, 'this minute'],
  [59_000, 'this minute'],
  [5 * 60_000, '5 minutes ago'],
  [3_600_000, '1 hour ago'],
  [30 * 3_600_000, 'yesterday'],
  [400 * 86_400_000, 'last year'],
])('%i ms before is %s', (ms, words) => {
  expect(speechIn('en').ago(1e12 - ms, 1e12)).toBe(words)
})

test('times are told in the language of the page', () => {
  expect(languages.map((language) => speechIn(language).ago(0, 3 * 3_600_000))).toEqual([
    '3 hours ago',
    'vor 3 Stunden',
    'il y a 3 heures',
    'hace 3 horas',
    'há 3 horas',
    '3 時間前',
  ])
})
