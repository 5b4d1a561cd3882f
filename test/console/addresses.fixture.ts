/** What the ids in the addresses of the console's pages name. */
export type Shown = {
  connections: { active: string; needs_reauth: string; revoked: string }
  integration: string
  mcpServer: string
  client: string
  webhook: string
  breakGlass: string
}

/** Every page of the console: its address as the router has it, and what it shows at which addresses. */
export const pages: Record<string, (shown: Shown) => string[]> = {
  '/': () => ['/'],
  '/connections': () => ['/connections', '/connections?status=needs_reauth'],
  '/connections/new': () => ['/connections/new'],
  '/connections/$id': ({ connections }) => Object.values(connections).map((id) => `/connections/${id}`),
  '/integrations': () => ['/integrations'],
  '/integrations/catalogue': () => ['/integrations/catalogue'],
  '/integrations/catalogue/$provider': () => ['/integrations/catalogue/gmail'],
  '/integrations/new': () => ['/integrations/new', '/integrations/new?provider=gmail'],
  '/integrations/$id': ({ integration }) => [`/integrations/${integration}`],
  '/integrations/$id/edit': ({ integration }) => [`/integrations/${integration}/edit`],
  '/mcp-servers': () => ['/mcp-servers'],
  '/mcp-servers/new': () => ['/mcp-servers/new'],
  '/mcp-servers/$id': ({ mcpServer }) => [`/mcp-servers/${mcpServer}`],
  '/events': () => ['/events'],
  '/apps': () => ['/apps', '/apps?tab=clients', '/apps?tab=authorized'],
  '/apps/clients/new': () => ['/apps/clients/new'],
  '/apps/clients/$id': ({ client }) => [`/apps/clients/${client}`],
  '/keys': () => ['/keys'],
  '/webhooks': () => ['/webhooks'],
  '/webhooks/$id': ({ webhook }) => [`/webhooks/${webhook}`],
  '/break-glass': () => ['/break-glass'],
  '/break-glass/$id': ({ breakGlass }) => [`/break-glass/${breakGlass}`],
  '/members': () => ['/members'],
  '/settings': () => ['/settings'],
  '/your-account': () => ['/your-account'],
}

export const addressesOf = (shown: Shown): string[] => Object.values(pages).flatMap((at) => at(shown))
