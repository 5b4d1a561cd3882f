import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, endUser, endUserShown, id, idParam, list, page, plain, text, time } from './fields.ts'
import { origin } from './workspaces.ts'

export const accessTypes = ['read', 'write'] as const
export const mcpServerStatuses = ['pending', 'active', 'needs_reauth', 'revoked'] as const

const mcpServer = z.object({
  id: id('mcp', 'the MCP server'),
  mcp_server: z.string(),
  mcp_server_name: z.string(),
  mcp_server_access_id: z.number().int(),
  access_type: z.enum(accessTypes),
  auth_method: z.literal('oauth'),
  status: z.enum(mcpServerStatuses),
  connection_id: id('con', 'the connection behind it').nullable(),
  mcp_url: z.string(),
  scopes: z.array(z.string()),
  created_at: time,
})

const tag = 'MCP servers'

export const createMcpServer = endpoint({
  method: 'POST',
  path: '/mcp-servers',
  access: ['mcp:manage'],
  tag,
  summary: 'Make an MCP server over an account that is to be connected',
  description:
    'Send the person to `authorization_url` (the provider itself, for 10 minutes) or to `connect_url` (for 30). With `connection_id` the server stands on a connection that exists, and both are null.',
  status: 201,
  secret: true,
  body: z.strictObject({
    mcp_server: plain(64)
      .min(1)
      .describe(
        'A provider of the catalogue; or an integration of the workspace by its id or name, whose server has one tool for any request',
      ),
    access_type: z.enum(accessTypes),
    auth_method: z.enum(['oauth']),
    end_user: endUser.optional(),
    origin: origin.optional(),
    return_to: plain(2048).optional(),
    state: plain(2048).optional(),
    app_id: id('app', 'the app').optional(),
    connection_id: id('con', 'an existing connection').optional(),
  }),
  response: data(
    mcpServer.extend({
      authorization_url: z.string().nullable(),
      connect_url: z.string().nullable(),
      connect_token: z.string().nullable(),
      connect_session_id: id('cs', 'the connect session, to follow how far the person is').nullable(),
      expires_at: time.nullable(),
    }),
  ),
})

export const listMcpServers = endpoint({
  method: 'GET',
  path: '/mcp-servers',
  access: ['mcp:read', 'mcp:manage'],
  tag,
  summary: 'List what can be served, and what is',
  response: z.object({
    data: z.array(
      z.object({
        mcp_server: z.string(),
        mcp_server_name: z.string(),
        auth_methods: z.array(z.literal('oauth')),
        access_types: z.array(z.enum(accessTypes)),
        scopes: z.object({ read: z.array(z.string()), write: z.array(z.string()) }),
        configured: z.boolean().describe('Whether the workspace has an integration for it'),
        instances: z.array(mcpServer),
      }),
    ),
    next_cursor: z.null(),
  }),
})

export const listMcpServerInstances = endpoint({
  method: 'GET',
  path: '/mcp-servers/instances',
  access: ['mcp:read', 'mcp:manage'],
  tag,
  summary: 'List the MCP servers there are, newest first',
  query: z.strictObject({
    ...page,
    mcp_server: plain(64)
      .optional()
      .describe('Those of this provider, or of an integration by the name it is served by'),
    connection: id('con', 'the connection behind').optional(),
    end_user: text(255).optional(),
    status: z.enum(mcpServerStatuses).optional(),
  }),
  response: list(
    mcpServer.extend({
      reason: z.string().nullable().describe('Why its connection is not active'),
      end_user: endUserShown.describe("Whose connection it stands on; null for the workspace's own"),
      account: z
        .object({ id: z.string(), label: z.string().nullable(), email: z.string().nullable() })
        .nullable(),
    }),
  ),
})

export const getMcpServer = endpoint({
  method: 'GET',
  path: '/mcp-servers/:id',
  access: ['mcp:read', 'mcp:manage'],
  tag,
  summary: 'Show an MCP server',
  params: idParam('mcp', 'the MCP server'),
  response: data(mcpServer),
})

export const deleteMcpServer = endpoint({
  method: 'DELETE',
  path: '/mcp-servers/:id',
  access: ['mcp:manage'],
  tag,
  summary: 'End an MCP server, and the connection that was made for it',
  params: idParam('mcp', 'the MCP server'),
  response: data(z.object({ id: id('mcp', 'the MCP server'), deleted: z.literal(true) })),
})

export const listMcpServerTools = endpoint({
  method: 'GET',
  path: '/mcp-servers/:id/tools',
  access: ['mcp:read', 'mcp:write', 'mcp:manage'],
  tag,
  summary: 'List the tools of an MCP server',
  description: 'All that the server has; `runnable` tells which of them this credential may run.',
  params: idParam('mcp', 'the MCP server'),
  response: data(
    z.object({
      tools: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          description: z.string(),
          access: z.enum(accessTypes).describe('Whether it reads only'),
          destructive: z.boolean().describe('What it changes may not be brought back'),
          idempotent: z.boolean().describe('Doing it twice does no more than once'),
          input_schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the arguments'),
          runnable: z.boolean(),
        }),
      ),
    }),
  ),
})

export const runMcpServerTool = endpoint({
  method: 'POST',
  path: '/mcp-servers/:id/tools/:tool',
  access: ['mcp:read', 'mcp:write'],
  tag,
  summary: 'Run a tool of an MCP server',
  description:
    'As an MCP client would: checked, limited and written down alike. Tools that change something need mcp:write. A member runs tools who may also read tokens: not a viewer. What the arguments lack, and what the service refuses, is an answer with `is_error`; an account that is to be connected is 409 `connection_needs_reauth` or `connection_not_ready`, with a `connect_url` where the credential may start connecting.',
  params: idParam('mcp', 'the MCP server').extend({ tool: z.string().max(128).describe('Name of the tool') }),
  body: z.strictObject({ arguments: z.record(z.string(), z.unknown()).default({}) }),
  secret: true,
  response: data(
    z.object({
      content: z.array(z.object({ type: z.literal('text'), text: z.string() })),
      structured_content: z
        .record(z.string(), z.unknown())
        .nullable()
        .describe('The same as it is, where it is an object'),
      is_error: z.boolean(),
    }),
  ),
})
