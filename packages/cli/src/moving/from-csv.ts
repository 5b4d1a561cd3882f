import { Readable } from 'node:stream'
import type { CsvError, InfoRecord } from 'csv-parse'
import { Failure } from '../failure.ts'
import { type Draft, type Entry, type Fields, LineFault, present, textOf, timeOf, toEntry } from './draft.ts'
import { keyOfTokens } from './key-of-tokens.ts'

export const csvColumns = [
  'key',
  'integration',
  'client_id',
  'end_user_id',
  'end_user_email',
  'end_user_name',
  'access_token',
  'refresh_token',
  'expires_at',
  'refresh_token_expires_at',
  'scope',
  'scopes',
  'app_id',
  'account_id',
  'account_label',
  'account_email',
] as const

const metadataPrefix = 'metadata.'
const longestRecord = 262_144

/**
 * CSV (RFC 4180) whose first line names the columns: those above in any order, and `metadata.NAME` for as many as wanted.
 * @throws Failure where the file is no CSV, or has a column that is none of these
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Entry> {
  const { parse } = await import('csv-parse')
  const parser = parse({
    bom: true,
    columns: checkHeader,
    info: true,
    max_record_size: longestRecord,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  })
  const source = Readable.from(bytes)
  source.once('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{
      record: Fields
      info: InfoRecord
    }>)
      yield info.error
        ? {
            line: info.lines,
            key: null,
            fault: new LineFault('', 'has more or fewer fields than the header'),
          }
        : toEntry(info.lines, record, readRecord)
  } catch (error) {
    if (!isCsvError(error)) throw error
    throw new Failure(`Line ${error.lines ?? '?'} is no CSV (${error.code}).`, {
      next: 'mend it and run the same again: what has been imported stays as it is',
    })
  }
}

function checkHeader(names: string[]): string[] {
  const unknown = names.findIndex(
    (name) => !(csvColumns as readonly string[]).includes(name) && !name.startsWith(metadataPrefix),
  )
  if (unknown >= 0)
    // Where the header was forgotten this is a value, and perhaps a token.
    throw new Failure(
      `The first line must name the columns, and ${nameOf(names[unknown]!, unknown)} is none.`,
      {
        next: `use some of ${csvColumns.join(', ')}, metadata.NAME`,
      },
    )
  return names
}

const nameOf = (name: string, index: number) =>
  /^[a-z_. -]{1,30}$/i.test(name) ? `"${name}"` : `column ${index + 1}`

function readRecord(fields: Fields): Draft {
  const given = (name: (typeof csvColumns)[number]) => textOf(fields, name) ?? undefined
  const endUser = given('end_user_id')
  const account = given('account_id')
  if (endUser === undefined && (given('end_user_email') ?? given('end_user_name')))
    throw new LineFault('end_user_id', 'is missing')
  const metadata = Object.entries(fields).filter(
    ([name, value]) => name.startsWith(metadataPrefix) && value !== '',
  )
  const item = present({
    end_user:
      endUser &&
      present({ id: endUser, email: given('end_user_email'), display_name: given('end_user_name') }),
    app_id: given('app_id'),
    account:
      account && present({ id: account, label: given('account_label'), email: given('account_email') }),
    tokens: present({
      access_token: given('access_token'),
      refresh_token: given('refresh_token'),
      expires_at: timeOf(fields, 'expires_at'),
      refresh_token_expires_at: timeOf(fields, 'refresh_token_expires_at'),
      scope: given('scope'),
    }),
    scopes: given('scopes')?.split(/[ ,]+/).filter(Boolean),
    metadata:
      metadata.length === 0
        ? undefined
        : Object.fromEntries(metadata.map(([name, value]) => [name.slice(metadataPrefix.length), value])),
  }) as Draft['item']
  const integration = given('integration') ?? null
  return {
    key: given('key') ?? keyOfTokens(integration, item),
    integration,
    provider: null,
    clientId: given('client_id') ?? null,
    item,
    notes: [],
  }
}

const isCsvError = (error: unknown): error is CsvError & { lines?: number } =>
  error instanceof Error && String((error as { code?: unknown }).code).startsWith('CSV_')
