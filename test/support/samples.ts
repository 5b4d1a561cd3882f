import { readFile } from 'node:fs/promises'

export type Sample = { language: string; source: string }

/** The fenced samples of a page of docs/, in order. */
export async function samplesOf(page: string): Promise<Sample[]> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]+?)^```/gm)].map(([, language, source]) => ({
    language: language!,
    source: source!,
  }))
}
