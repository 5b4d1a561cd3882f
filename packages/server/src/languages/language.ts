/** What our pages for end users are written in; the first is the language of everybody else. */
export const languages = ['en', 'de', 'fr', 'es', 'pt', 'ja'] as const

export type Language = (typeof languages)[number]

/** Nobody asks for more; a header of any length is read this far. */
const mostRanges = 30

/**
 * The language that a browser asks for by `Accept-Language` (RFC 9110 §12.5.4): the best of ours by weight, and by order
 * where weights are equal. A range fits by its primary subtag (`pt-BR`: `pt`); weight 0 refuses; what is malformed is
 * passed over.
 */
export function chooseLanguage(header: string | undefined): Language {
  const ranges = (header ?? '')
    .slice(0, 1000)
    .split(',', mostRanges)
    .flatMap((text) => readRange(text) ?? [])
  const refused = new Set(ranges.filter(({ weight }) => weight === 0).map(({ language }) => language))
  const offered = languages.filter((language) => !refused.has(language))
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  for (const { language } of wanted) {
    const found = language === '*' ? offered[0] : offered.find((one) => one === language)
    if (found) return found
  }
  return languages[0]
}

function readRange(text: string): { language: string; weight: number } | null {
  const found =
    /^\s*([a-z]{1,8}|\*)(?:-[a-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i.exec(
      text,
    )
  return found && { language: found[1]!.toLowerCase(), weight: found[2] === undefined ? 1 : Number(found[2]) }
}
