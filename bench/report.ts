import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { median } from './rounds.ts'

/** One line of the table; `aim` says what is wanted, `met` whether it is so. */
export type Line = {
  what: string
  figure: string
  baseline: string
  ratio: string
  aim: string
  met: boolean | null
}

/** The figures as a Markdown table, as docs/performance.md holds them. */
export function table(lines: Line[]): string {
  const head = ['measured', 'Grantry', 'baseline', 'ratio', 'aim', 'met']
  const cells = lines.map(({ what, figure, baseline, ratio, aim, met }) => [
    what,
    figure,
    baseline,
    ratio,
    aim,
    met === null ? '' : met ? 'yes' : 'no',
  ])
  const rows = [head, ...cells]
  const widths = head.map((_cell, column) => Math.max(3, ...rows.map((row) => row[column]!.length)))
  const text = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [text(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.map(text)].join(
    '\n',
  )
}

/** What the figures were taken on. Durable writes wait for the disk, so its flush time belongs to them. */
export function machine(folder: string): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30)
  const flush = flushMilliseconds(folder).toFixed(2)
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gibibytes} GiB, Node ${process.version}, one fdatasync of 16 KiB takes ${flush} ms`
}

/** Median time that the disk takes to keep 16 KiB, about what one small commit writes. */
export function flushMilliseconds(folder: string): number {
  const path = join(folder, 'flush-probe')
  const fd = openSync(path, 'w')
  try {
    const block = Buffer.alloc(16 * 1024, 1)
    const times = Array.from({ length: 100 }, () => {
      writeSync(fd, block)
      const begun = performance.now()
      fdatasyncSync(fd)
      return performance.now() - begun
    })
    return median(times)
  } finally {
    closeSync(fd)
    rmSync(path)
  }
}
