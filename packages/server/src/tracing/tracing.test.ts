import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSecrets, type Secrets } from '../../../../test/security/find-secrets.ts'
import { addSandboxIntegration, connectAccount } from '../../../../test/support/connecting.ts'
import { startTestGrantry } from '../../../../test/support/grantry.ts'
import { readConfig } from '../config.ts'
import { startUpstream, type Upstream } from '../proxy/upstream.fixture.ts'
import { deliverDue } from '../webhooks/deliver.ts'
import { startReceiver } from '../webhooks/receiver.fixture.ts'
import { type Arrived, startCollector } from './collector.fixture.ts'
import { readTraceparent } from './otlp.ts'
import { noTracing } from './tracing.ts'

const theirs = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
const traceparent = `00-${theirs.traceId}-${theirs.spanId}-01`

describe('what a collector gets', () => {
  let spans: Arrived[]
  let upstream: Upstream
  let told: Awaited<ReturnType<typeof startCollector>>
  let received: Awaited<ReturnType<typeof startReceiver>>['received']
  const secrets: Secrets = new Map()
  const canary = (name: string, value: string) => {
    secrets.set(name, Buffer.from(value))
    return value
  }

  beforeAll(async () => {
    told = await startCollector()
    upstream = await startUpstream()
    const receiver = await startReceiver()
    received = receiver.received
    const grantry = await startTestGrantry({
      env: {
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${told.url}/v1/traces`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20tenant',
        OTEL_SERVICE_NAME: 'grantry-test',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=tests',
        GRANTRY_EGRESS_ALLOW: `localhost:${upstream.port},${receiver.address}`,
      },
      world: { background: false },
    })
    canary('API key', grantry.apiKey)
    canary('sandbox secret', grantry.sandbox!.clients.gmail!.client_secret!)
    const email = canary('e-mail address', 'ada.canary@example.com')
    const path = canary('secret in a webhook address', 'hook-secret-canary-7')
    await grantry.call('POST', '/api/v1/webhook-endpoints', { url: `${receiver.url}/${path}` })
    await addSandboxIntegration(grantry, 'gmail', { api_base_url: `${upstream.origin}/gmail` })
    const { id } = await connectAccount(
      grantry,
      { provider: 'gmail', end_user: { id: canary('end user', 'user-canary-1'), email } },
      canary('account', 'grace@example.com'),
    )
    await deliverDue(grantry.ctx)
    grantry.clock.advance(4000)
    const read = await grantry.call('GET', `/api/v1/connections/${id}/token`)
    canary('access token', read.body.data.access_token)
    const rest = `${canary('path', 'path-canary-2')}?key=${canary('query', 'query-canary-3')}`
    const sent = await grantry.call(
      'POST',
      `/api/v1/proxy/${id}/${rest}`,
      { text: canary('body', 'body-canary-4') },
      { headers: { traceparent, tracestate: 'theirs=1', baggage: 'theirs=1' } },
    )
    expect(sent.status).toBe(200)
    await grantry.call('GET', `/connect/gst_${canary('start token', 'start-canary-5')}`, undefined, {
      key: null,
    })
    await grantry.call('GET', '/healthz')
    const server = await grantry.call('POST', '/api/v1/mcp-servers', {
      ...{ mcp_server: 'gmail', access_type: 'read', auth_method: 'oauth', connection_id: id },
    })
    const query = canary('argument', 'argument-canary-8')
    await grantry.call('POST', `/api/v1/mcp-servers/${server.body.data.id}/tools/search_messages`, {
      arguments: { query },
    })
    for (const { access_token, refresh_token } of grantry
      .sandbox!.control.tokens({ provider: 'gmail' })
      .map((token) => token as unknown as Record<string, string>)) {
      if (access_token) canary(`token ${secrets.size}`, access_token)
      if (refresh_token) canary(`token ${secrets.size}`, refresh_token)
    }
    await grantry.close()
    await receiver.close()
    spans = told.spans()
  })
  afterAll(async () => {
    await upstream?.close()
    await told?.close()
  })

  const named = (name: string) => spans.filter((span) => span.name === name)
  const one = (name: string) => {
    expect(named(name), name).toHaveLength(1)
    return named(name)[0]!
  }
  const below = (span: Arrived, name: string) =>
    spans.filter((other) => other.parentSpanId === span.spanId && other.name === name)

  test('who sends it, with the headers that were set', () => {
    expect(told.headers[0]).toMatchObject({ ':path': '/v1/traces', 'x-tenant': 'a tenant' })
    expect(told.resources()[0]).toMatchObject({
      'service.name': 'grantry-test',
      'deployment.environment.name': 'tests',
    })
  })

  test('a request, the refresh that it waited for, and what went out for that', () => {
    const request = one('GET /api/v1/connections/:id/token')
    expect(request).toMatchObject({
      kind: 2,
      failed: false,
      attributes: {
        'http.response.status_code': 200,
        'grantry.credential': 'api_key',
        'grantry.workspace_id': expect.any(String),
      },
    })
    const refresh = one('refresh')
    expect(refresh.traceId).toBe(request.traceId)
    expect(refresh.attributes).toMatchObject({ 'grantry.provider': 'gmail' })
    const [egress] = below(refresh, 'egress')
    expect(egress).toMatchObject({
      kind: 3,
      attributes: {
        'http.request.method': 'POST',
        'http.response.status_code': 200,
        'server.address': expect.stringMatching(/^(localhost|127\.0\.0\.1)$/),
      },
    })
  })

  test('a proxy call below the request that asked for it, also after its body was read', () => {
    const request = one('POST /api/v1/proxy/:connection_id/*')
    const [call] = below(request, 'proxy call')
    expect(call!.attributes).toEqual({ 'grantry.provider': 'gmail', 'http.request.method': 'POST' })
    expect(below(call!, 'egress')).toHaveLength(1)
    // What the caller says of its trace is linked to, and not gone on with.
    expect(request.parentSpanId ?? '').toBe('')
    expect(request.links).toMatchObject([theirs])
    expect(request.traceId).not.toBe(theirs.traceId)
  })

  test('a tool, and the call that it made', () => {
    const request = one('POST /api/v1/mcp-servers/:id/tools/:tool')
    const [tool] = below(request, 'tool call')
    expect(tool!.attributes).toMatchObject({
      'grantry.tool': 'search_messages',
      'grantry.tool_access': 'read',
    })
    expect(below(tool!, 'proxy call')).toHaveLength(1)
  })

  test('an exchange of a code, and deliveries that nobody asked for just now', () => {
    expect(below(one('exchange'), 'egress').length).toBeGreaterThan(0)
    const [delivery] = named('webhook delivery')
    expect(delivery!.parentSpanId ?? '').toBe('')
    expect(below(delivery!, 'egress')).toHaveLength(1)
  })

  test('nothing of probes, no address of anybody’s, no secret in any form', () => {
    expect(spans.filter(({ name }) => name.includes('healthz'))).toEqual([])
    expect(spans.map(({ name }) => name)).toContain('GET /connect/:token')
    expect(secrets.size).toBeGreaterThan(9)
    expect(findSecrets(secrets, told.bytes())).toEqual([])
  })

  test('outside, nothing is told of our traces', () => {
    const sent = [...upstream.reached, ...received].map(({ headers }) => JSON.stringify(headers))
    expect(sent.length).toBeGreaterThan(1)
    for (const headers of sent) {
      expect(headers).not.toMatch(/traceparent|tracestate|baggage/i)
      for (const { traceId } of spans) expect(headers).not.toContain(traceId)
    }
  })
})

test('where the operator says so, the trace of the caller is gone on with; of a ratio the rest is not sent', async () => {
  const told = await startCollector()
  const grantry = await startTestGrantry({
    sandbox: false,
    world: { background: false },
    env: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: told.url,
      OTEL_PROPAGATORS: 'tracecontext,baggage',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    },
  })
  await grantry.call('GET', '/api/v1/account', undefined, { headers: { traceparent } })
  await grantry.call('GET', '/api/v1/apps')
  await grantry.close()
  expect(told.spans().filter(({ parentSpanId }) => parentSpanId === theirs.spanId)).toMatchObject([
    { name: 'GET /api/v1/account', traceId: theirs.traceId },
  ])
  expect(told.spans().filter(({ name }) => name.includes('apps'))).toEqual([])
  await told.close()
})

test('a collector that is away holds nothing up and loses no request', async () => {
  const grantry = await startTestGrantry({
    sandbox: false,
    world: { background: false },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_LOGS_EXPORTER: 'none' },
  })
  expect((await grantry.call('GET', '/api/v1/account')).status).toBe(200)
  await grantry.close()
})

test('without a collector nothing of it is there', async () => {
  const grantry = await startTestGrantry({ sandbox: false, world: { background: false } })
  expect(grantry.ctx.tracing).toBe(noTracing)
  expect(grantry.app.hasRequestDecorator('span')).toBe(false)
  await grantry.close()
})

test.each([
  [traceparent, { ...theirs, traceFlags: 1, isRemote: true }],
  [`cc-${theirs.traceId}-${theirs.spanId}-00-more`, { ...theirs, traceFlags: 0, isRemote: true }],
  [`ff-${theirs.traceId}-${theirs.spanId}-01`, undefined],
  [`00-${'0'.repeat(32)}-${theirs.spanId}-01`, undefined],
  [`00-${theirs.traceId}-${'0'.repeat(16)}-01`, undefined],
  [`00-${theirs.traceId.toUpperCase()}-${theirs.spanId}-01`, undefined],
  ['nonsense', undefined],
  [undefined, undefined],
])('traceparent %s', (header, read) => {
  expect(readTraceparent(header)).toEqual(read)
})

describe('the configuration', () => {
  const base = { GRANTRY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') }
  const traces = (env: Record<string, string>) => readConfig({ ...base, ...env }).telemetry.traces
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }

  test('is off, by an address on, and off again', () => {
    expect(traces({})).toBeNull()
    expect(traces(endpoint)).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      service: 'grantry',
      sampler: { kind: 'always_on' },
      continues: false,
    })
    expect(traces({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull()
    expect(traces({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeNull()
  })

  test.each([
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'nonsense'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => traces({ ...endpoint, [name]: value })).toThrow(name)
  })

  test('a ratio is a number from 0 to 1', () => {
    const ratio = { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio' }
    expect(traces({ ...ratio, OTEL_TRACES_SAMPLER_ARG: '0.25' })!.sampler).toEqual({
      kind: 'ratio',
      ratio: 0.25,
    })
    expect(() => traces({ ...ratio, OTEL_TRACES_SAMPLER_ARG: '25' })).toThrow('OTEL_TRACES_SAMPLER_ARG')
  })
})
