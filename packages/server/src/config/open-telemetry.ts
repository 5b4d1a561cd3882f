import { Secret } from '@grantry/oauth'
import type { Settings } from './settings.ts'

/** Where OpenTelemetry's protocol is spoken, by HTTP. */
export type OtlpTarget = { url: string; headers: Record<string, Secret> }

/** Where spans go, and which. */
export type TracesTarget = OtlpTarget & {
  service: string
  /** What else is said of this service, by name. */
  attributes: Record<string, string>
  sampler: { kind: 'always_on' } | { kind: 'always_off' } | { kind: 'ratio'; ratio: number }
  /** Whether a trace that a caller names is gone on with; else it is only linked to. */
  continues: boolean
}

/** Null where nothing of that kind is sent. */
export type Telemetry = { logs: OtlpTarget | null; traces: TracesTarget | null; service: string }

/**
 * By the names that OpenTelemetry gives its settings.
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function readTelemetry(settings: Settings): Telemetry {
  const service = settings.get('OTEL_SERVICE_NAME') ?? 'grantry'
  return { logs: readTarget(settings, 'LOGS'), traces: readTraces(settings, service), service }
}

/**
 * A signal's own address as it is, or the path of the signal below the common one. `OTEL_LOGS_EXPORTER=none` turns a signal
 * off that the common address would turn on.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
function readTarget(settings: Settings, signal: 'LOGS' | 'TRACES'): OtlpTarget | null {
  const { get, fault } = settings
  if (get(`OTEL_${signal}_EXPORTER`) === 'none') return null
  const own = `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`
  const common = 'OTEL_EXPORTER_OTLP_ENDPOINT'
  const name = get(own) ? own : common
  const address = get(name)
  if (!address) return null
  if (!/^https?:\/\/[^\s]+$/.test(address) || !URL.canParse(address)) {
    fault(name, 'must be an http or https URL')
    return null
  }
  const url = name === own ? address : `${address.replace(/\/+$/, '')}/v1/${signal.toLowerCase()}`
  const headers: Record<string, Secret> = {}
  for (const list of ['OTEL_EXPORTER_OTLP_HEADERS', `OTEL_EXPORTER_OTLP_${signal}_HEADERS`])
    for (const [key, value] of readPairs(settings, list, /^[!#$%&'*+.^_`|~\w-]+$/))
      headers[key.toLowerCase()] = new Secret(value)
  return { url, headers }
}

function readTraces(settings: Settings, service: string): TracesTarget | null {
  const { get, fault } = settings
  const target = readTarget(settings, 'TRACES')
  const protocol = get('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? get('OTEL_EXPORTER_OTLP_PROTOCOL')
  if (!target || get('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return null
  if (protocol !== null && protocol !== 'http/json')
    fault('OTEL_EXPORTER_OTLP_PROTOCOL', 'must be http/json, the one that is spoken here')
  return {
    ...target,
    service,
    attributes: Object.fromEntries(readPairs(settings, 'OTEL_RESOURCE_ATTRIBUTES', /^[\w.-]+$/)),
    sampler: readSampler(settings),
    continues: settings.list('OTEL_PROPAGATORS').includes('tracecontext'),
  }
}

function readSampler({ get, fault }: Settings): TracesTarget['sampler'] {
  const kind = (get('OTEL_TRACES_SAMPLER') ?? 'always_on').replace(/^parentbased_/, '')
  if (kind === 'always_on' || kind === 'always_off') return { kind }
  if (kind !== 'traceidratio')
    fault(
      'OTEL_TRACES_SAMPLER',
      'must be always_on, always_off or traceidratio, with parentbased_ before it or not',
    )
  const text = get('OTEL_TRACES_SAMPLER_ARG') ?? '1'
  if (!/^(0(\.\d+)?|1(\.0+)?)$/.test(text)) fault('OTEL_TRACES_SAMPLER_ARG', 'must be a number from 0 to 1')
  return { kind: 'ratio', ratio: Number(text) }
}

/** `name=value` by commas, the values as W3C Baggage writes them. */
function readPairs({ list, fault }: Settings, name: string, key: RegExp): [string, string][] {
  return list(name).flatMap((pair) => {
    const [, before = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(pair) ?? []
    if (key.test(before)) return [[before, decodeBaggage(value)] as [string, string]]
    fault(name, 'must be a list of name=value, by commas')
    return []
  })
}

/** What is not escaped rightly stands as it is. */
function decodeBaggage(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
