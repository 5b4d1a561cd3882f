import { type Draft, type Entry, type Fields, LineFault, toEntry } from './draft.ts'
import { readCsv } from './from-csv.ts'
import { readGrantry } from './from-grantry.ts'
import { readNango } from './from-nango.ts'
import { splitObjects } from './split-objects.ts'

export const sources = ['nango', 'json', 'csv'] as const

export type Source = (typeof sources)[number]

/** What is nested by the ten thousand can be read, but not written again. */
const deepest = 100

/** The records of a file, one after the other: no more of it is in memory than what is being read. */
export function readEntries(source: Source, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  if (source === 'csv') return readCsv(bytes)
  return readJson(bytes, source === 'nango' ? readNango : readGrantry)
}

async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  read: (fields: Fields) => Draft,
): AsyncGenerator<Entry> {
  for await (const { line, text, depth } of splitObjects(decode(bytes))) {
    if (depth > deepest) {
      yield { line, key: null, fault: new LineFault('', 'is nested deeper than any connection') }
      continue
    }
    let record: unknown
    try {
      record = JSON.parse(text)
    } catch {
      // What the parser says quotes the text, and with it perhaps a token.
      yield { line, key: null, fault: new LineFault('', 'is not valid JSON') }
      continue
    }
    yield toEntry(line, record, read)
  }
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}
