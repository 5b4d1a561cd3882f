import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, time } from './fields.ts'

export const integrationChecks = [
  'addresses',
  'https',
  'client_authentication',
  'redirect_uri',
  'scopes',
  'offline_access',
  'api',
  'clock',
  'connecting',
  'refreshing',
] as const

export const serverChecks = ['https', 'sandbox', 'encryption_key', 'credential'] as const

const finding = <T extends readonly [string, ...string[]]>(checks: T) =>
  z.object({
    check: z.enum(checks),
    status: z
      .enum(['ok', 'warning', 'failed', 'unknown'])
      .describe('unknown: neither the provider nor what was seen before tells'),
    what: z.string(),
    todo: z.string().nullable().describe('The one change that mends it; null where nothing needs mending'),
    where: z
      .string()
      .nullable()
      .describe("Where to make it: a field of the integration, `provider`, or a setting of the server's"),
  })

export const diagnoseIntegration = endpoint({
  method: 'POST',
  path: '/integrations/:id/diagnosis',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Find out what is wrong with an integration, and what mends it',
  description:
    'Asks the provider what it answers without a person, and reads what connects and refreshes have shown. Nothing is stored, and no grant is touched.',
  params: idParam('int', 'the integration'),
  query: z.strictObject({
    ask: z
      .enum(['true', 'false'])
      .default('true')
      .describe('false: judge by what has been seen; the provider is not called'),
  }),
  response: data(
    z.object({
      integration_id: id('int', 'the integration'),
      provider_name: z.string(),
      redirect_uri: z.string().nullable(),
      asked: z.boolean().describe('Whether the provider was called'),
      findings: z.array(finding(integrationChecks)),
    }),
  ),
})

export const diagnoseServer = endpoint({
  method: 'GET',
  path: '/diagnosis',
  access: ['any'],
  tag: 'Workspace',
  summary: 'See how this server stands, and what the credential may do',
  response: data(
    z.object({
      version: z.string(),
      public_url: z.string(),
      time: time.describe('By the clock that all expiry is judged by'),
      database: z.enum(['sqlite', 'postgres']),
      sandbox: z.boolean(),
      credential: z.object({
        kind: z.enum(['api_key', 'member']),
        scopes: z.array(z.string()),
        app_id: id('app', 'the one app it is narrowed to').nullable(),
        expires_at: time.nullable(),
      }),
      findings: z.array(finding(serverChecks)),
    }),
  ),
})
