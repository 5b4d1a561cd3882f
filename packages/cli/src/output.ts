import { printable, printableText, textWidth } from './text-width.ts'
import type { World } from './world.ts'

/** Title → what stands in the column. */
export type Columns<Row> = Record<string, (row: Row) => unknown>

/**
 * What a command prints. Results go to stdout, everything else to stderr, so that pipes get results only. With `--json`
 * stdout is one JSON document (or one a line, by `item`), and nothing that is for people is printed.
 */
export type Output = {
  json: boolean
  /** Rows under titles; as JSON an array of the rows as they are. `none` is said where there are none. */
  table<Row>(
    rows: Iterable<Row> | AsyncIterable<Row>,
    columns: Columns<Row>,
    options?: { none?: string; next?: string },
  ): Promise<void>
  /** One thing: `fields` for people, a name and a value a line; `value` as JSON. */
  record(value: unknown, fields: Record<string, unknown>): void
  /** One of a stream of things: a line of text, or a line of JSON. */
  item(value: unknown, text: string): void
  /** It is done: a green line for people, `value` as JSON. */
  done(text: string, value?: unknown): void
  /** Literally this and a newline, with `--json` too: a token, a script, a file. */
  raw(text: string): void
  /** What to do next; last. Not with `--json`. */
  next(command: string): void
  /** For people, on stderr. Not with `--json`. */
  note(text: string): void
  /** What went otherwise than hoped, on stderr, always. */
  warn(text: string): void
  /** A line on stderr in red: only for what failed. */
  failed(text: string): void
}

/** Rows whose widths decide the columns; those of later rows that are longer push what follows. */
const looksAt = 200

export function createOutput(
  { stdout, stderr, env }: Pick<World, 'stdout' | 'stderr' | 'env'>,
  json: boolean,
): Output {
  const paint = (stream: { isTTY?: boolean }, code: number, text: string) =>
    stream.isTTY && !env.NO_COLOR && env.TERM !== 'dumb' ? `\u001b[${code}m${text}\u001b[39m` : text
  const print = (line: string) => void stdout.write(`${line}\n`)
  const tell = (line: string) => void stderr.write(`${line}\n`)
  const document = (value: unknown) => print(JSON.stringify(value ?? null, null, 2))

  return {
    json,
    async table(rows, columns, { none, next } = {}) {
      if (json) return printArray(rows, (text) => stdout.write(text))
      let any = false
      for await (const line of alignedLines(rows, columns)) {
        any = true
        print(line)
      }
      if (any) return
      if (none) tell(none)
      if (next) tell(`Next: ${next}`)
    },
    record(value, fields) {
      if (json) return document(value)
      const names = Object.keys(fields)
      const width = Math.max(...names.map(textWidth))
      for (const name of names) print(`${pad(name, width)}  ${printable(fields[name])}`)
    },
    item(value, text) {
      print(json ? JSON.stringify(value) : text)
    },
    done(text, value) {
      if (json) document(value ?? { done: true })
      else print(`${paint(stdout, 32, '✓')} ${printableText(text)}`)
    },
    raw: print,
    next(command) {
      if (!json) print(`Next: ${printableText(command)}`)
    },
    note(text) {
      if (!json) tell(printableText(text))
    },
    warn(text) {
      tell(`Warning: ${printableText(text)}`)
    },
    failed(text) {
      tell(`${paint(stderr, 31, '✗')} ${printableText(text)}`)
    },
  }
}

const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - textWidth(text)))

/** As they come: a table of a hundred thousand rows is never in memory. */
async function* alignedLines<Row>(rows: Iterable<Row> | AsyncIterable<Row>, columns: Columns<Row>) {
  const titles = Object.keys(columns)
  const cellsOf = (row: Row) => titles.map((title) => printable(columns[title]!(row)))
  let widths: number[] | null = null
  let first: string[][] = []
  const line = (cells: string[]) =>
    cells.map((cell, n) => pad(cell, n === cells.length - 1 ? 0 : widths![n]!)).join('  ')
  const settle = () => {
    widths = titles.map((title, n) =>
      Math.max(textWidth(title), ...first.map((cells) => textWidth(cells[n]!))),
    )
    const lines = [line(titles), ...first.map(line)]
    first = []
    return lines
  }
  for await (const row of rows) {
    if (widths) yield line(cellsOf(row))
    else if (first.push(cellsOf(row)) === looksAt) yield* settle()
  }
  if (!widths && first.length > 0) yield* settle()
}

async function printArray<Row>(rows: Iterable<Row> | AsyncIterable<Row>, write: (text: string) => void) {
  let any = false
  for await (const row of rows) {
    const text = JSON.stringify(row, null, 2).replaceAll('\n', '\n  ')
    write(`${any ? ',' : '['}\n  ${text}`)
    any = true
  }
  write(any ? '\n]\n' : '[]\n')
}
