import { expect, test } from 'vitest'
import { catalogue } from '../catalogue.ts'
import { translateSentence, translations } from './translate.ts'

const sentences = [...catalogue.values()].flatMap(({ scopes: { always = [], read, write } }) =>
  [...always, ...read, ...write].map(({ sentence }) => sentence),
)

test.each(Object.keys(translations))(
  '%s has a sentence for each of the catalogue, and none besides',
  (language) => {
    expect(Object.keys(translations[language]!).sort()).toEqual([...new Set(sentences)].sort())
  },
)

test.each(Object.entries(translations))('%s: whole sentences, each of its own', (_language, table) => {
  const said = Object.values(table)
  expect(new Set(said).size).toBe(said.length)
  for (const [english, text] of Object.entries(table)) {
    expect(text, english).toMatch(/^\S.*[.。]$/)
    expect(text).not.toBe(english)
  }
})

test('what is not of the catalogue, or in a language that it does not have, stays as it is', () => {
  expect(translateSentence('See your name.', 'de')).toBe('Ihren Namen sehen.')
  expect(translateSentence('See your name.', 'en')).toBe('See your name.')
  expect(translateSentence('See your name.', 'constructor')).toBe('See your name.')
  expect(translateSentence('toString', 'de')).toBe('toString')
  expect(translateSentence('Water your plants.', 'de')).toBe('Water your plants.')
})
