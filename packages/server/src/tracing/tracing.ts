/** What is told of a span. Never a secret, a person, or what a tenant typed: names of things, codes and numbers. */
export type Facts = Record<string, string | number | boolean | undefined>

/** A stretch of work that is being watched. */
export type Span = {
  set(facts: Facts): void
  /** It did not come out well; `type` is a code or a status, never a message. */
  fail(type: string): void
  end(): void
}

export type SpanOptions = {
  /** `server` answers somebody, `client` asks somebody else. Default: neither. */
  kind?: 'server' | 'client'
  facts?: Facts
  /** When it began, as `performance.now()` told; default: now. */
  since?: number
  /** A `traceparent` that came from outside (W3C Trace Context). */
  traceparent?: string | undefined
}

/** Where spans go. One for each server: nothing of it is global. */
export type Tracing = {
  /** Whether anybody collects. Where not, the rest costs a call of a function. */
  readonly on: boolean
  /** Watches `work`. What it throws is told by its code and thrown on. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>
  /** Begins one that has its end elsewhere. */
  begin(name: string, options: SpanOptions): Span
  /** What begins while `work` runs, and what that waits for, is of this span. */
  within<T>(span: Span, work: () => T): T
  /** Sends what has not been sent. */
  close(): Promise<void>
}

const noSpan: Span = { set() {}, fail() {}, end() {} }

/** Nobody collects. */
export const noTracing: Tracing = {
  on: false,
  span: (_name, _options, work) => work(noSpan),
  begin: () => noSpan,
  within: (_span, work) => work(),
  close: async () => {},
}

/** What an error is told by: its code, else the name of its class. */
export function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : error.name
}
