import { appendFileSync } from 'node:fs'

/** Says what a test has measured, and keeps it for the table of `npm run reliability`, where that runs. */
export function figure(what: string, measured: string): void {
  console.log(`${what}: ${measured}`)
  const file = process.env.FIGURES_FILE
  if (file) appendFileSync(file, `${JSON.stringify({ what, measured })}\n`)
}

export const long = process.env.GRANTRY_LONG === '1'
