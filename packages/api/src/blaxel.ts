import { z } from 'zod'
import { connectionStatuses } from './connections.ts'
import { endpoint } from './endpoint.ts'
import { plain, text, time } from './fields.ts'
import { mcpServerStatuses } from './mcp-servers.ts'

/** Bodies and paths as the Blaxel documentation shows them: things go by the names that their maker gave them. */
const tag = 'Compatible: Blaxel'
const prefix = '/v0'

const name = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be lower-case letters, digits and hyphens, and begin and end with a letter or digit',
  )
const params = z.object({ name: plain(63) })

const headers = z.looseObject({
  'x-blaxel-workspace': plain(120)
    .optional()
    .describe("Id or name of the credential's workspace; absent, it is known by the credential"),
})

const labels = z.record(plain(64), plain(256))

/** What answers hold and clients send back: it is taken and changes nothing. */
const readOnly = {
  workspace: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
  url: z.unknown().optional(),
}
const metadata = z.strictObject({
  ...readOnly,
  name,
  displayName: text(120).optional(),
  labels: labels.optional(),
})

const shownMetadata = z.object({
  name: z.string(),
  displayName: z.string(),
  labels,
  workspace: z.string().describe('Id of the workspace'),
  createdAt: time,
  updatedAt: time,
})

const query = z.strictObject({
  after: plain(63).optional().describe('The last name of the page before'),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
})

const secret = z.strictObject({
  CLIENT_ID: text(512),
  CLIENT_SECRET: text(4096),
  REFRESH_TOKEN: text(8192),
})

const integrationConnection = z.object({
  metadata: shownMetadata,
  spec: z.object({ integration: z.string() }),
  status: z.enum(connectionStatuses),
  reason: z.string().nullable().describe('Why it is not active'),
})

export const createBlaxelConnection = endpoint({
  method: 'POST',
  prefix,
  path: '/integrations/connections',
  access: ['integrations:write'],
  tag,
  summary: 'Create an integration connection',
  description:
    'Needs `connections:write` too. The secrets are checked by refreshing at once; a refusal stores nothing. `spec.integration` is an integration of the workspace, else a provider of the catalogue. Connections with the same CLIENT_ID share one integration. `secret` is never answered. The connection is that of the end user whose id is `metadata.name`.',
  headers,
  body: z.strictObject({
    metadata,
    spec: z.strictObject({ integration: plain(64).min(1), secret }),
  }),
  response: integrationConnection,
})

export const listBlaxelConnections = endpoint({
  method: 'GET',
  prefix,
  path: '/integrations/connections',
  access: ['connections:read'],
  tag,
  summary: 'List integration connections, by name',
  headers,
  query,
  response: z.array(integrationConnection),
})

export const getBlaxelConnection = endpoint({
  method: 'GET',
  prefix,
  path: '/integrations/connections/:name',
  access: ['connections:read'],
  tag,
  summary: 'Show an integration connection; never its secret',
  headers,
  params,
  response: integrationConnection,
})

export const updateBlaxelConnection = endpoint({
  method: 'PUT',
  prefix,
  path: '/integrations/connections/:name',
  access: ['integrations:write'],
  tag,
  summary: 'Replace the display name, the labels or the secrets of an integration connection',
  description:
    'Needs `connections:write` too. New secrets are checked by refreshing at once, and replace the old only then; the functions over the connection go on with them. Without `secret` they stay.',
  headers,
  params,
  body: z.strictObject({
    metadata: metadata.partial({ name: true }).default({}),
    spec: z.strictObject({ integration: plain(64).min(1).optional(), secret: secret.optional() }).default({}),
    status: z.unknown().optional(),
    reason: z.unknown().optional(),
  }),
  response: integrationConnection,
})

export const deleteBlaxelConnection = endpoint({
  method: 'DELETE',
  prefix,
  path: '/integrations/connections/:name',
  access: ['integrations:write'],
  tag,
  summary: 'End an integration connection, here and at the provider',
  description: 'Needs `connections:write` too. Refused while functions stand on it, unless `force` is true.',
  headers,
  params,
  query: z.strictObject({
    force: z.enum(['true', 'false']).default('false').describe('End its functions too (needs `mcp:manage`)'),
  }),
  response: integrationConnection,
})

const functionSpec = z.strictObject({
  type: z.enum(['mcp']).default('mcp'),
  integrationConnections: z.array(plain(63)).length(1).describe('The name of one connection'),
  runtime: z.strictObject({ type: z.enum(['mcp']) }).optional(),
})

const blaxelFunction = z.object({
  metadata: shownMetadata.extend({ url: z.string().describe('The MCP endpoint') }),
  spec: z.object({
    type: z.literal('mcp'),
    integrationConnections: z.array(z.string()),
    runtime: z.object({ type: z.literal('mcp') }),
  }),
  status: z.enum(mcpServerStatuses).describe("The connection's"),
})

export const createBlaxelFunction = endpoint({
  method: 'POST',
  prefix,
  path: '/functions',
  access: ['mcp:manage'],
  tag,
  summary: 'Create an MCP server over an integration connection',
  description:
    'Of type `mcp` only. `metadata.url` is its endpoint; it has read and write tools, as far as the grant reaches.',
  headers,
  body: z.strictObject({ metadata, spec: functionSpec }),
  response: blaxelFunction,
})

export const listBlaxelFunctions = endpoint({
  method: 'GET',
  prefix,
  path: '/functions',
  access: ['mcp:read', 'mcp:manage'],
  tag,
  summary: 'List functions, by name',
  headers,
  query,
  response: z.array(blaxelFunction),
})

export const getBlaxelFunction = endpoint({
  method: 'GET',
  prefix,
  path: '/functions/:name',
  access: ['mcp:read', 'mcp:manage'],
  tag,
  summary: 'Show a function',
  headers,
  params,
  response: blaxelFunction,
})

export const deleteBlaxelFunction = endpoint({
  method: 'DELETE',
  prefix,
  path: '/functions/:name',
  access: ['mcp:manage'],
  tag,
  summary: 'End a function; its connection stays',
  headers,
  params,
  response: blaxelFunction,
})
