import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, endUser, id, idParam, plain, time } from './fields.ts'
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
