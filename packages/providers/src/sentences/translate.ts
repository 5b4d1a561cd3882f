import { de } from './de.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'

/** By the language's code (ISO 639-1). English is what the catalogue itself is written in. */
export const translations: Readonly<Record<string, Readonly<Record<string, string>>>> = { de, es, fr, ja, pt }

/** A scope's sentence in another language; an operator's own sentence, which nobody has translated, as it is. */
export function translateSentence(sentence: string, language: string): string {
  const known = translations[language]
  return known && Object.hasOwn(known, sentence) ? known[sentence]! : sentence
}
