import { fillUrl, type ProviderProfile, placeholdersIn } from '@grantry/oauth'
import { z } from 'zod'
import { type Provider, providerCategories } from './provider.ts'
import type { ToolArgument } from './tool.ts'

const text = z.string().min(1).max(2000)
const seconds = z.int().min(0)
const strings = z.record(text, z.string().max(2000))
const texts = z.array(text)
const separator = z.enum([' ', ',', '+'])

/** Why a URL template cannot be used, or null. Https; http for this machine only. */
function templateFault(template: string): string | null {
  const names = placeholdersIn(template)
  const filler = Object.fromEntries(names.map((name) => [name, 'x']))
  // A placeholder that opens the template is a whole origin.
  const opening = /^\{([\w-]+)\}/.exec(template)?.[1]
  const origins = opening === undefined ? {} : { [opening]: ['origin.example'] }
  try {
    fillUrl(template, { ...filler, ...(opening && { [opening]: 'https://origin.example' }) }, origins)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const url = text.superRefine((template, context) => {
  const fault = templateFault(template)
  if (fault) context.addIssue({ code: 'custom', message: `not a usable URL: ${fault}` })
})
const apiUrl = z.union([z.string().regex(/^\/(?!\/)\S*$/, 'not a path'), url])
// `host`, `host:port` or `.suffix`; a suffix names at least two labels, or it would be a whole top-level domain.
const hostPattern = z
  .string()
  .regex(/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[::1\]|\.[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d{1,5})?$/)

const exchange = z.strictObject({
  url: url.exactOptional(),
  method: z.enum(['POST', 'GET']).exactOptional(),
  grant_type: text,
  parameter: text.exactOptional(),
  client: z.boolean().exactOptional(),
  extra: strings.exactOptional(),
})

const authorize = z.strictObject({
  scope_separator: separator.exactOptional(),
  parameter_names: strings.exactOptional(),
  extra: strings.exactOptional(),
  response_type: text.exactOptional(),
  drop_empty: z.boolean().exactOptional(),
  pkce: z.enum(['S256', 'none']).exactOptional(),
  always_scopes: texts.exactOptional(),
  default_scopes: texts.exactOptional(),
  sends_scopes: z.boolean().exactOptional(),
  scope_parameters: strings.exactOptional(),
})

const callback = z.strictObject({
  code_parameter: text.exactOptional(),
  state_parameter: text.exactOptional(),
  metadata: texts.exactOptional(),
  code_lifetime: seconds.exactOptional(),
})

const token = z
  .strictObject({
    auth_method: z
      .enum([
        'auto',
        'client_secret_basic',
        'client_secret_post',
        'client_secret_json',
        'client_secret_header',
        'private_key_jwt',
        'tls_client_auth',
        'none',
      ])
      .exactOptional(),
    basic_encoding: z.enum(['form', 'raw']).exactOptional(),
    credential_headers: z.strictObject({ client_id: text, client_secret: text }).exactOptional(),
    body: z.enum(['form', 'json', 'query']).exactOptional(),
    grant_types: strings.exactOptional(),
    parameter_names: strings.exactOptional(),
    extra: strings.exactOptional(),
    grant_extra: z.record(text, strings).exactOptional(),
    headers: strings.exactOptional(),
  })
  .refine((quirks) => quirks.auth_method !== 'client_secret_header' || quirks.credential_headers, {
    path: ['credential_headers'],
    message: 'client_secret_header needs credential_headers',
  })

const field = text.exactOptional()
const fieldPath = z.union([text, texts.min(1)]).exactOptional()
const token_response = z.strictObject({
  format: z.enum(['auto', 'json', 'form']).exactOptional(),
  fields: z
    .strictObject({
      access_token: fieldPath,
      refresh_token: fieldPath,
      expires_in: fieldPath,
      expires_at: fieldPath,
      refresh_expires_in: fieldPath,
      scope: fieldPath,
      token_type: fieldPath,
      id_token: fieldPath,
    })
    .exactOptional(),
  error_codes: z.record(text, text).exactOptional(),
  error_in_200: z.strictObject({ ok: field, error: text, description: field }).exactOptional(),
  throttled_errors: texts.exactOptional(),
  expires_in_unit: z.enum(['s', 'ms']).exactOptional(),
  default_expires_in: seconds.exactOptional(),
  scope_separator: separator.exactOptional(),
  token_types: texts.exactOptional(),
  metadata: strings.exactOptional(),
})

const refresh = z
  .strictObject({
    by: z.enum(['refresh_token', 'exchange', 'regrant', 'none']).exactOptional(),
    url: url.exactOptional(),
    extra: strings.exactOptional(),
    include: z.array(z.enum(['redirect_uri', 'scope'])).exactOptional(),
    rotates: z.boolean().exactOptional(),
    leeway: seconds.exactOptional(),
    idle_lifetime: seconds.exactOptional(),
    absolute_lifetime: seconds.exactOptional(),
    kills_access_token: z.boolean().exactOptional(),
    buffer: seconds.exactOptional(),
    budget: z.strictObject({ calls: z.int().min(1), seconds: z.int().min(1) }).exactOptional(),
    ended_errors: texts.exactOptional(),
    exchange: exchange.exactOptional(),
  })
  .refine((facts) => facts.by !== 'exchange' || facts.exchange, {
    path: ['exchange'],
    message: 'refresh by exchange needs exchange',
  })

const revocation = z.strictObject({
  url,
  by: z.enum(['rfc7009', 'query', 'delete', 'bearer']).exactOptional(),
  method: z.enum(['POST', 'GET', 'DELETE']).exactOptional(),
  auth: z.enum(['client', 'basic', 'secret', 'bearer', 'api', 'none']).exactOptional(),
  headers: strings.exactOptional(),
  body: z.enum(['form', 'json', 'query', 'none']).exactOptional(),
  token: z.enum(['refresh_token', 'access_token', 'none']).exactOptional(),
  parameter: text.exactOptional(),
  extra: strings.exactOptional(),
  ends_siblings: z.boolean().exactOptional(),
})

const introspection = z.strictObject({
  url,
  auth: z.enum(['client', 'basic', 'bearer']).exactOptional(),
})

const api = z.strictObject({
  base_url: url,
  auth: z
    .strictObject({
      in: z.enum(['header', 'query']),
      name: text,
      prefix: z.string().max(100).exactOptional(),
    })
    .exactOptional(),
  headers: strings.exactOptional(),
})

const account = z.strictObject({
  method: z.enum(['GET', 'POST']).exactOptional(),
  url: apiUrl,
  headers: strings.exactOptional(),
  body: z.string().max(10_000).exactOptional(),
  id: text,
  label: field,
  email: field,
  metadata: strings.exactOptional(),
})

const tenants = z.strictObject({
  url: apiUrl,
  list: z.string().max(200).exactOptional(),
  id: text,
  label: field,
  metadata: text,
})

const param = z.strictObject({
  label: text,
  description: field,
  example: field,
  default: field,
})

const preset = z.strictObject({ scope: text, sentence: text })

const expression = z.string().min(1).max(10_000)

const step = z.strictObject({
  as: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .exactOptional(),
  when: expression.exactOptional(),
  each: expression.exactOptional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .regex(/^\/(?!\/)/, 'not a path')
    .max(2000),
  query: z.record(text, expression).exactOptional(),
  headers: strings.exactOptional(),
  body: expression.exactOptional(),
  graphql: expression.exactOptional(),
  mail: expression.exactOptional(),
  optional: z.boolean().exactOptional(),
  answer: z.enum(['json', 'text']).exactOptional(),
})

const argument: z.ZodType<ToolArgument> = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'boolean', 'array', 'object']),
  description: text.exactOptional(),
  enum: texts.exactOptional(),
  default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  format: text.exactOptional(),
  pattern: text.exactOptional(),
  minLength: z.int().min(0).exactOptional(),
  maxLength: z.int().min(0).exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  get items() {
    return argument.exactOptional()
  },
  minItems: z.int().min(0).exactOptional(),
  maxItems: z.int().min(0).exactOptional(),
  get properties() {
    return z.record(text, argument).exactOptional()
  },
  required: texts.exactOptional(),
  additionalProperties: z.boolean().exactOptional(),
  maxProperties: z.int().min(0).exactOptional(),
})

const tool = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'snake_case')
    .max(64),
  title: text,
  description: text,
  access: z.enum(['read', 'write']),
  destructive: z.boolean().exactOptional(),
  idempotent: z.boolean().exactOptional(),
  input: z.strictObject({
    type: z.literal('object'),
    properties: z.record(text, argument),
    required: texts.exactOptional(),
    additionalProperties: z.literal(false),
  }),
  steps: z.array(step).min(1).max(10),
  output: expression,
})

/** A catalogue entry as an operator may write it: every field known, every URL usable, every placeholder explained. */
export const providerEntry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens')
      .max(64),
    display_name: text,
    category: z.enum(providerCategories),
    docs_url: z.url({ protocol: /^https?$/ }),
    register_url: z.url({ protocol: /^https?$/ }).exactOptional(),
    grants_url: z.url({ protocol: /^https?$/ }).exactOptional(),
    grant_types: z.array(z.enum(['authorization_code', 'client_credentials', 'refresh_token'])).min(1),
    scopes: z.strictObject({
      read: z.array(preset),
      write: z.array(preset),
      always: z.array(preset).exactOptional(),
    }),
    tools: z.array(tool).exactOptional(),
    tool_failure: expression.exactOptional(),
    notes: field,
    provenance: texts,
    authorization_url: url,
    token_url: url,
    params: z.record(text, param).exactOptional(),
    origins: z.record(text, z.array(hostPattern).min(1)).exactOptional(),
    issuer: url.exactOptional(),
    aliases: z
      .strictObject({ authorization_url: texts.exactOptional(), token_url: texts.exactOptional() })
      .exactOptional(),
    iss_parameter_supported: z.boolean().exactOptional(),
    authorize: authorize.exactOptional(),
    callback: callback.exactOptional(),
    token: token.exactOptional(),
    token_response: token_response.exactOptional(),
    upgrade: exchange.exactOptional(),
    refresh: refresh.exactOptional(),
    revocation: revocation.exactOptional(),
    introspection: introspection.exactOptional(),
    api: api.exactOptional(),
    account: account.exactOptional(),
    tenants: tenants.exactOptional(),
  })
  .superRefine((entry, context) => {
    const known = knownPlaceholders(entry)
    for (const { path, template } of urlsOf(entry)) {
      for (const name of placeholdersIn(template)) {
        const isToken = name === 'token' && path.join('.') === 'revocation.url'
        if (!known.has(name) && !isToken) fault(path, `nothing fills the placeholder {${name}}`)
      }
      const opening = /^\{([\w-]+)\}/.exec(template)?.[1]
      if (opening && !entry.origins?.[opening])
        fault(path, `{${opening}} is an origin: name its hosts in origins`)
    }
    if (entry.iss_parameter_supported && !entry.issuer)
      fault(['issuer'], 'iss_parameter_supported needs an issuer')
    if (entry.account?.url.startsWith('/') && !entry.api)
      fault(['account', 'url'], 'a path needs api.base_url')
    if (entry.tenants?.url.startsWith('/') && !entry.api)
      fault(['tenants', 'url'], 'a path needs api.base_url')

    function fault(path: string[], message: string) {
      context.addIssue({ code: 'custom', path, message })
    }
  })

/** Names that a placeholder in a URL may have: what the integration is asked for and what the provider tells. */
function knownPlaceholders(entry: ProviderProfile): Set<string> {
  return new Set([
    'client_id',
    ...Object.keys(entry.params ?? {}),
    ...(entry.callback?.metadata ?? []),
    ...Object.keys(entry.token_response?.metadata ?? {}),
    ...Object.keys(entry.account?.metadata ?? {}),
    ...(entry.tenants ? [entry.tenants.metadata] : []),
  ])
}

/** Every URL template of an entry, with where it stands. */
export function urlsOf(entry: ProviderProfile): { path: string[]; template: string }[] {
  const found: [string[], string | undefined][] = [
    [['authorization_url'], entry.authorization_url],
    [['token_url'], entry.token_url],
    [['issuer'], entry.issuer],
    [['upgrade', 'url'], entry.upgrade?.url],
    [['refresh', 'url'], entry.refresh?.url],
    [['refresh', 'exchange', 'url'], entry.refresh?.exchange?.url],
    [['revocation', 'url'], entry.revocation?.url],
    [['introspection', 'url'], entry.introspection?.url],
    [['api', 'base_url'], entry.api?.base_url],
    [['account', 'url'], entry.account?.url],
    [['tenants', 'url'], entry.tenants?.url],
  ]
  return found.flatMap(([path, template]) => (template === undefined ? [] : [{ path, template }]))
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Assert<T extends true> = T
type Flat<T> = T extends readonly (infer Item)[]
  ? Flat<Item>[]
  : T extends object
    ? { [Key in keyof T]: Flat<T[Key]> }
    : T

/** Does not compile unless schema and type say the same, both ways. */
export type SchemaIsTheType = Assert<Same<Flat<z.output<typeof providerEntry>>, Flat<Provider>>>
