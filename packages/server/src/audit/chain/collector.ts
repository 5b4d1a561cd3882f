import { encodeId } from '@grantry/api'
import type { Secret } from '@grantry/oauth'
import type { OtlpTarget } from '../../config/open-telemetry.ts'
import type { EventCheckpointRow, EventRow } from '../../db/schema.ts'
import { eventText } from './event-text.ts'
import type { Link } from './links.ts'

/** What goes out of a chain, in its order. */
export type Outgoing =
  | { kind: 'event'; link: Link; row: EventRow | undefined }
  | { kind: 'checkpoint'; row: EventCheckpointRow }

/** The operator's OpenTelemetry collector, as somewhere to send a chain to. */
export type Collector = {
  /** Resolves when it has taken all of them. @throws Error otherwise: then any of them may have arrived, or none */
  send(workspace: string, records: readonly Outgoing[], now: number): Promise<void>
  close(): Promise<void>
}

/** Whether the collector said (4xx) that it will not take these as they are; one that is away, or busy, did not. */
export function isRefusal(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'number' && code >= 400 && code < 500
}

const deadlineMs = 10_000
const info = 9
const error = 17

/**
 * Log records by OTLP over HTTP, as JSON. The body of an event is what its hash was made of.
 * @see https://opentelemetry.io/docs/specs/otel/logs/data-model/
 */
export async function openCollector({ url, headers }: OtlpTarget, service = 'grantry'): Promise<Collector> {
  const [{ OTLPLogExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-logs-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const exporter = new OTLPLogExporter({ url, headers: exposed(headers), timeoutMillis: deadlineMs })
  const frame = {
    resource: resourceFromAttributes({ 'service.name': service }),
    instrumentationScope: { name: 'grantry.audit' },
    droppedAttributesCount: 0,
  }
  return {
    send(workspace, records, now) {
      const told = records.map((one) => ({
        ...frame,
        hrTimeObserved: toTime(now),
        ...toRecord(workspace, one),
      }))
      return new Promise((resolve, reject) => {
        exporter.export(told, ({ code, error }) => {
          if (code === 0) resolve()
          else reject(error ?? new Error('The collector did not take them'))
        })
      })
    },
    close: () => exporter.shutdown(),
  }
}

function toRecord(workspace: string, one: Outgoing) {
  const of = { 'grantry.workspace_id': encodeId('ws', workspace) }
  if (one.kind === 'checkpoint') {
    const { seq, at, jws } = one.row
    return {
      hrTime: toTime(at),
      severityNumber: info,
      eventName: 'grantry.audit.checkpoint',
      body: jws,
      attributes: { ...of, 'grantry.audit.seq': seq },
    }
  }
  const { link, row } = one
  const place = {
    ...of,
    'grantry.event_id': encodeId('evt', link.event),
    'grantry.audit.seq': link.seq,
    'grantry.audit.hash': link.hash,
  }
  if (!row)
    return {
      hrTime: toTime(0),
      severityNumber: error,
      eventName: 'grantry.audit.missing',
      body: 'This event is in the chain, but not in the log any more.',
      attributes: place,
    }
  return {
    hrTime: toTime(row.at),
    severityNumber: info,
    eventName: `grantry.${row.type}`,
    body: eventText(row),
    attributes: {
      ...place,
      'grantry.event_type': row.type,
      'grantry.actor_kind': row.actor_kind,
      ...(row.connection_id ? { 'grantry.connection_id': encodeId('con', row.connection_id) } : {}),
      ...(row.request_id ? { 'grantry.request_id': row.request_id } : {}),
    },
  }
}

const toTime = (ms: number): [number, number] => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000]

const exposed = (headers: Record<string, Secret>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.expose()]))
