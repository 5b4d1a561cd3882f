import type { Command } from 'commander'
import type { Cli } from './cli.ts'
import { register as createApp } from './commands/apps/create.ts'
import { register as deleteApp } from './commands/apps/delete.ts'
import { register as listApps } from './commands/apps/list.ts'
import { register as listBreakGlass } from './commands/break-glass/list.ts'
import { register as reportBreakGlass } from './commands/break-glass/report.ts'
import { register as startBreakGlass } from './commands/break-glass/start.ts'
import { register as breakGlassStatus } from './commands/break-glass/status.ts'
import { register as createClient } from './commands/clients/create.ts'
import { register as deleteClient } from './commands/clients/delete.ts'
import { register as listClients } from './commands/clients/list.ts'
import { register as rotateClient } from './commands/clients/rotate.ts'
import { register as showClient } from './commands/clients/show.ts'
import { register as listConnections } from './commands/connections/list.ts'
import { register as manageLinkConnection } from './commands/connections/manage-link.ts'
import { register as refreshConnection } from './commands/connections/refresh.ts'
import { register as revokeConnection } from './commands/connections/revoke.ts'
import { register as showConnection } from './commands/connections/show.ts'
import { register as tokenConnection } from './commands/connections/token.ts'
import { register as doctor } from './commands/doctor.ts'
import { register as exportEvents } from './commands/events/export.ts'
import { register as tailEvents } from './commands/events/tail.ts'
import { register as verifyEvents } from './commands/events/verify.ts'
import { register as createIntegration } from './commands/integrations/create.ts'
import { register as deleteIntegration } from './commands/integrations/delete.ts'
import { register as listIntegrations } from './commands/integrations/list.ts'
import { register as showIntegration } from './commands/integrations/show.ts'
import { register as updateIntegration } from './commands/integrations/update.ts'
import { register as validateIntegration } from './commands/integrations/validate.ts'
import { register as createApiKey } from './commands/keys/create.ts'
import { register as deleteApiKey } from './commands/keys/delete.ts'
import { register as listApiKeys } from './commands/keys/list.ts'
import { register as rotateApiKey } from './commands/keys/rotate.ts'
import { register as callMcpServer } from './commands/mcp/call.ts'
import { register as configMcpServer } from './commands/mcp/config.ts'
import { register as createMcpServer } from './commands/mcp/create.ts'
import { register as deleteMcpServer } from './commands/mcp/delete.ts'
import { register as listMcpServers } from './commands/mcp/list.ts'
import { register as searchProviders } from './commands/providers/search.ts'
import { register as vaultKeys } from './commands/vault/keys.ts'
import { register as migrateVault } from './commands/vault/migrate.ts'
import { register as retireKey } from './commands/vault/retire.ts'
import { register as rewrapKeys } from './commands/vault/rewrap.ts'
import { register as rotateKeys } from './commands/vault/rotate.ts'
import { register as vaultStatus } from './commands/vault/status.ts'
import { register as createWebhook } from './commands/webhooks/create.ts'
import { register as deleteWebhook } from './commands/webhooks/delete.ts'
import { register as webhookDeliveries } from './commands/webhooks/deliveries.ts'
import { register as listWebhooks } from './commands/webhooks/list.ts'
import { register as listenToWebhooks } from './commands/webhooks/listen.ts'
import { register as redeliverWebhook } from './commands/webhooks/redeliver.ts'
import { register as rotateWebhook } from './commands/webhooks/rotate.ts'

/** The nouns of the API, each with its verbs; and `doctor`, which looks at all of them. */
export function registerNouns(program: Command, cli: Cli): void {
  add('connections', 'Connected accounts, and their tokens', [
    listConnections,
    showConnection,
    tokenConnection,
    refreshConnection,
    revokeConnection,
    manageLinkConnection,
  ])
  add('integrations', 'The OAuth apps at providers', [
    listIntegrations,
    showIntegration,
    createIntegration,
    updateIntegration,
    validateIntegration,
    deleteIntegration,
  ])
  add('providers', 'The catalogue', [searchProviders])
  add('mcp', 'MCP servers over connections', [
    listMcpServers,
    createMcpServer,
    configMcpServer,
    callMcpServer,
    deleteMcpServer,
  ])
  add('apps', 'Contexts that do not see each other', [listApps, createApp, deleteApp])
  add('keys', 'API keys', [listApiKeys, createApiKey, rotateApiKey, deleteApiKey])
  add('clients', "OAuth clients of Grantry's own authorization server", [
    listClients,
    showClient,
    createClient,
    rotateClient,
    deleteClient,
  ])
  add('events', 'The audit log', [tailEvents, exportEvents, verifyEvents])
  add('webhooks', 'Where events are posted to', [
    listWebhooks,
    createWebhook,
    webhookDeliveries,
    redeliverWebhook,
    rotateWebhook,
    listenToWebhooks,
    deleteWebhook,
  ])
  add('vault', "The deployment's keys and where its secrets rest, for its operator", [
    vaultStatus,
    vaultKeys,
    rotateKeys,
    retireKey,
    rewrapKeys,
    migrateVault,
  ])
  add('break-glass', 'Ending many connections at once, when something has leaked', [
    startBreakGlass,
    breakGlassStatus,
    reportBreakGlass,
    listBreakGlass,
  ])
  doctor(program, cli)

  function add(name: string, description: string, verbs: ((parent: Command, cli: Cli) => void)[]): void {
    const noun = program.command(name).description(description).helpCommand(false)
    for (const register of verbs) register(noun, cli)
  }
}
