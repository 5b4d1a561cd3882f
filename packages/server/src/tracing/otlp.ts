import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span as ApiSpan, Context as Trace } from '@opentelemetry/api'
import type { Logger } from 'pino'
import pkg from '../../package.json' with { type: 'json' }
import type { TracesTarget } from '../config/open-telemetry.ts'
import { type Facts, noTracing, type Span, type SpanOptions, type Tracing, typeOf } from './tracing.ts'

/** Beyond these, spans are dropped: a collector that is away must not fill the memory. */
const mostWaiting = 4096
const batch = 512
const everyMs = 2000
const sendMs = 10_000
/** The end of the process does not wait longer for a collector that is away. */
const lastMs = 2000

/**
 * Spans to the operator's collector by OTLP over HTTP. The SDK is loaded here and only where there is a collector; what
 * it would read of the environment is given to it.
 */
export async function openTracing(target: TracesTarget | null, log: Pick<Logger, 'warn'>): Promise<Tracing> {
  if (target === null || target.sampler.kind === 'always_off') return noTracing
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const { url, headers, service, attributes, sampler, continues } = target
  const exporter = new OTLPTraceExporter({
    url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.expose()])),
    timeoutMillis: sendMs,
  })
  const root =
    sampler.kind === 'ratio' ? new sdk.TraceIdRatioBasedSampler(sampler.ratio) : new sdk.AlwaysOnSampler()
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      ...attributes,
      'service.name': service,
      'service.version': pkg.version,
    }),
    sampler: new sdk.ParentBasedSampler({ root }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        maxQueueSize: mostWaiting,
        maxExportBatchSize: batch,
        scheduledDelayMillis: everyMs,
        exportTimeoutMillis: sendMs,
      }),
    ],
  })
  const tracer = provider.getTracer('grantry', pkg.version)
  const running = new AsyncLocalStorage<Trace>()
  const traces = new WeakMap<Span, Trace>()
  const kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT } as const

  function begin(name: string, { kind, facts = {}, since, traceparent }: SpanOptions): Span {
    const outside = readTraceparent(traceparent)
    const here = running.getStore() ?? api.ROOT_CONTEXT
    const parent = outside && continues ? api.trace.setSpanContext(api.ROOT_CONTEXT, outside) : here
    const span = tracer.startSpan(
      name,
      {
        kind: kind ? kinds[kind] : api.SpanKind.INTERNAL,
        attributes: told(facts),
        ...(since === undefined ? {} : { startTime: performance.timeOrigin + since }),
        // Whoever calls from outside says what their trace is, and not whether it is kept here, nor what it is called.
        ...(outside && !continues ? { links: [{ context: outside }] } : {}),
      },
      parent,
    )
    const ours = wrap(span)
    traces.set(ours, api.trace.setSpan(parent, span))
    return ours
  }

  function wrap(span: ApiSpan): Span {
    return {
      set: (facts) => void span.setAttributes(told(facts)),
      fail: (type) =>
        void span.setAttribute('error.type', type).setStatus({ code: api.SpanStatusCode.ERROR }),
      end: () => span.end(),
    }
  }

  const within: Tracing['within'] = (span, work) => {
    const trace = traces.get(span)
    return trace ? running.run(trace, work) : work()
  }

  return {
    on: true,
    begin,
    within,
    async span(name, options, work) {
      const span = begin(name, options)
      try {
        return await within(span, () => work(span))
      } catch (error) {
        span.fail(typeOf(error))
        throw error
      } finally {
        span.end()
      }
    },
    async close() {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Error('The collector did not answer in time')), lastMs)
      await Promise.race([provider.shutdown(), late.promise])
        .catch((error: unknown) => log.warn({ err: error }, 'the last spans were not taken by the collector'))
        .finally(() => clearTimeout(timer))
    },
  }
}

const told = (facts: Facts): Record<string, string | number | boolean> =>
  Object.fromEntries(Object.entries(facts).filter((pair): pair is [string, string] => pair[1] !== undefined))

/** W3C Trace Context §3.2: version, trace id, parent id, flags. Undefined for what is none. */
export function readTraceparent(header: string | undefined) {
  const [, traceId, spanId, flags] =
    /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(
      header ?? '',
    ) ?? []
  if (!traceId || !spanId) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags!, 16) & 1, isRemote: true }
}
