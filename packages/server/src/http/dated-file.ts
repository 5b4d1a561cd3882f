import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { File } from './mount.ts'

const types = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const

export type FileFormat = keyof typeof types

/** Lines as a file that streams, called by the day (UTC): `events-2026-01-31.jsonl`. */
export function datedFile(
  { clock }: Pick<Context, 'clock'>,
  request: FastifyRequest,
  lines: AsyncIterable<string>,
  { name, format, ending = format }: { name: string; format: FileFormat; ending?: string },
): File {
  const stream = Readable.from(lines)
  // Fastify ends the answer then, short of its end; what happened is for our log.
  stream.on('error', (error) => request.log.error({ err: error }, `a file was cut off: ${name}`))
  const day = new Date(clock.now()).toISOString().slice(0, 10)
  return { type: types[format], filename: `${name}-${day}.${ending}`, stream }
}
