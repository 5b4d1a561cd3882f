import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, plain, text, time, url } from './fields.ts'
import { proxyPolicy } from './proxy.ts'

export const grantTypes = ['authorization_code', 'client_credentials', 'refresh_token'] as const
export const tokenAuthMethods = ['auto', 'client_secret_basic', 'client_secret_post', 'none'] as const

const parameters = z.record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/), plain(512))

const validation = z.object({
  status: z.enum(['verified', 'unverified']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean().nullable(), detail: z.string() })),
})

const integration = z.object({
  id: id('int', 'the integration'),
  label: z.string(),
  provider: z.string().nullable().describe('null for a generic integration'),
  provider_name: z.string(),
  grant_type: z.enum(grantTypes),
  app_id: id('app', 'its app').nullable(),
  authorization_url: z.string().nullable(),
  token_url: z.string(),
  revocation_url: z.string().nullable(),
  issuer: z.string().nullable(),
  client_id: z.string(),
  has_client_secret: z.boolean(),
  scope: z.string(),
  redirect_uri: z.string().nullable().describe('Register exactly this at the provider'),
  api_base_url: z.string().nullable(),
  tenant_id: z.string().nullable(),
  token_auth_method: z.enum(tokenAuthMethods),
  extra_authorize_params: z.record(z.string(), z.string()),
  params: z.record(z.string(), z.string()),
  proxy_policy: proxyPolicy.nullable(),
  validation,
  connection_id: id('con', 'the connection that came of saving').nullable(),
  created_at: time,
  updated_at: time,
})

const scopeList = z
  .string()
  .max(4000)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]*([ ,][\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes separated by spaces')

const settable = {
  label: text(120),
  authorization_url: url,
  token_url: url,
  revocation_url: url,
  issuer: url,
  client_id: text(512),
  client_secret: text(4096),
  scope: scopeList,
  redirect_uri: url,
  api_base_url: url,
  tenant_id: text(255),
  token_auth_method: z.enum(tokenAuthMethods),
  extra_authorize_params: parameters,
  proxy_policy: proxyPolicy.nullable().describe('What may be called with its connections; null: everything'),
  params: parameters.describe('Values for the {placeholders} of the endpoints'),
}

export const createIntegration = endpoint({
  method: 'POST',
  path: '/integrations',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Add an OAuth app at a provider',
  description: 'Checks the endpoints and the credentials against the provider before anything is stored.',
  status: 201,
  body: z.strictObject({
    ...z.strictObject(settable).partial().shape,
    label: settable.label,
    client_id: settable.client_id,
    provider: plain(64).nullable().default(null),
    grant_type: z.enum(grantTypes).default('authorization_code'),
    refresh_token: text(8192).optional(),
    app_id: id('app', 'the app it belongs to').optional(),
    validate: z.boolean().default(true),
  }),
  response: data(integration),
})

export const listIntegrations = endpoint({
  method: 'GET',
  path: '/integrations',
  access: ['integrations:read'],
  tag: 'Integrations',
  summary: 'List integrations',
  query: z.strictObject({
    ...page,
    provider: plain(64).optional(),
    app: id('app', 'the app').optional(),
    tenant: text(255).optional(),
  }),
  response: list(integration),
})

export const getIntegration = endpoint({
  method: 'GET',
  path: '/integrations/:id',
  access: ['integrations:read'],
  tag: 'Integrations',
  summary: 'Show an integration; never its secret',
  params: idParam('int', 'the integration'),
  response: data(integration),
})

export const updateIntegration = endpoint({
  method: 'PATCH',
  path: '/integrations/:id',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Change an integration',
  description:
    'What would reach the provider differently is checked as on creation. null takes away what it had.',
  params: idParam('int', 'the integration'),
  body: z.strictObject({
    ...z.strictObject(settable).partial().shape,
    revocation_url: settable.revocation_url.nullable().optional(),
    api_base_url: settable.api_base_url.nullable().optional(),
    tenant_id: settable.tenant_id.nullable().optional(),
    validate: z.boolean().default(true),
  }),
  response: data(integration),
})

export const deleteIntegration = endpoint({
  method: 'DELETE',
  path: '/integrations/:id',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'End an integration',
  params: idParam('int', 'the integration'),
  query: z.strictObject({
    force: z.enum(['true', 'false']).default('false').describe('End its connections too'),
  }),
  response: data(z.object({ id: id('int', 'the integration'), deleted: z.literal(true) })),
})

export const validateIntegration = endpoint({
  method: 'POST',
  path: '/integrations/:id/validate',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Run the checks of saving again',
  params: idParam('int', 'the integration'),
  response: data(integration),
})

export const discoverIntegration = endpoint({
  method: 'POST',
  path: '/integrations/discover',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Ask an issuer for what an integration needs',
  description:
    "By OpenID Connect Discovery, else RFC 8414. Nothing is stored. An issuer that gives no usable metadata is 422 `provider_unusable`, one that may not be called from here 422 `url_refused`. Counts among the workspace's checks of integrations.",
  body: z.strictObject({ issuer: url }),
  response: data(
    z.object({
      issuer: z.string(),
      authorization_url: z.string().nullable().describe('null where it serves client credentials only'),
      token_url: z.string(),
      revocation_url: z.string().nullable(),
      scopes_supported: z.array(z.string()).nullable().describe('null where it does not say'),
      grant_types: z.array(z.enum(grantTypes)).describe('Those of ours that it supports'),
      token_auth_method: z.enum(tokenAuthMethods),
      pkce: z.boolean().nullable().describe('Whether it says that it takes S256; null where it says nothing'),
      identity: z
        .boolean()
        .describe('An OpenID provider: with the scope openid it tells whose account it is'),
      provider: z
        .string()
        .nullable()
        .describe('The entry of the catalogue whose endpoints these are: better to use that'),
    }),
  ),
})

export const reserveRedirectUri = endpoint({
  method: 'POST',
  path: '/integrations/redirect-uri',
  access: ['integrations:write'],
  tag: 'Integrations',
  summary: 'Learn the redirect URI of an integration before it is saved',
  description:
    "Providers want it before they give a client id. Endpoints of the catalogue have one that is known; any others get one of their integration's own: it is kept for the workspace for 7 days, and saving the integration with it as `redirect_uri` makes it that integration's. Counts among the workspace's checks of integrations.",
  body: z.strictObject({
    provider: plain(64).nullable().optional(),
    authorization_url: url.optional().describe("Where it differs from the provider's"),
    token_url: url.optional().describe("Where it differs from the provider's"),
    params: settable.params.optional(),
  }),
  response: data(
    z.object({
      redirect_uri: z
        .string()
        .describe('Register exactly this at the provider, and save the integration with it'),
      expires_at: time
        .nullable()
        .describe(
          "Until when it is kept; null where it is the catalogue's, for every integration of that provider",
        ),
    }),
  ),
})
