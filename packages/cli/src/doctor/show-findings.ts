import type { Cli } from '../cli.ts'
import type { Finding } from './finding.ts'

type Line = { status: string; check: string; text: string }

/** Prints each check with its finding, and below it the one thing to do where there is one. */
export async function showFindings({ out }: Pick<Cli, 'out'>, findings: Finding[]): Promise<void> {
  const lines: Line[] = findings.flatMap(({ status, check, what, todo, where }) => [
    { status, check: /^[a-z_]+$/.test(check) ? check.replaceAll('_', ' ') : check, text: what },
    ...(todo === null ? [] : [{ status: ' ', check: ' ', text: `→ ${todo}${where ? ` [${where}]` : ''}` }]),
  ])
  await out.table(lines, {
    STATUS: ({ status }) => status,
    CHECK: ({ check }) => check,
    'WHAT WAS FOUND': ({ text }) => text,
  })
}
