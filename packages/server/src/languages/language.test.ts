import { expect, test } from 'vitest'
import { chooseLanguage } from './language.ts'

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['DE-at', 'de'],
  ['pt-BR,pt;q=0.9,en;q=0.8', 'pt'],
  ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'fr'],
  // By weight, not by order; by order where weights are equal.
  ['en;q=0.5, ja;q=0.8, de;q=0.7', 'ja'],
  ['es;q=0.5,de;q=0.5', 'es'],
  ['en;q=0.999, fr', 'fr'],
  // What we do not have is passed over.
  ['sv, da;q=0.9, es;q=0.1', 'es'],
  ['sv, da', 'en'],
  ['zh-Hant-TW, ja;q=0.2', 'ja'],
  // Refused is refused, also by the star.
  ['de;q=0, fr;q=0.1', 'fr'],
  ['en;q=0, *', 'de'],
  ['*', 'en'],
  ['*;q=0.5, ja;q=0.4', 'en'],
  ['en;q=0, de;q=0, fr;q=0, es;q=0, pt;q=0, ja;q=0, *', 'en'],
  // Malformed ranges are passed over.
  ['de;q=2, fr;q=0.5', 'fr'],
  ['de;q=-1, de;q=abc, de;level=1, es', 'es'],
  [';;,,=, ja', 'ja'],
  ['deutsch', 'en'],
  ['constructor, __proto__', 'en'],
  [`${'x,'.repeat(5000)}de`, 'en'],
])('%s: %s', (header, language) => {
  expect(chooseLanguage(header)).toBe(language)
})
