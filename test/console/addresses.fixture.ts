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

/** The first address of each page, then what further ones there are: from one to the next it is to a page of another kind. */
export function addressesOf(shown: Shown): string[] {
  const rows = Object.values(pages).map((at) => at(shown))
  const most = Math.max(...rows.map(({ length }) => length))
  return Array.from({ length: most }, (_, round) => rows.flatMap((row) => row[round] ?? [])).flat()
}
