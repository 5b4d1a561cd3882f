import { decodeId } from '../../packages/api/src/ids.ts'
import { insertGrant } from '../../packages/server/src/authorization-server/records.fixture.ts'
import { followBreakGlass } from '../../packages/server/src/connections/break-glass/follow-up.ts'
import { runDueRevocations } from '../../packages/server/src/connections/revocation-queue.ts'
import { rollUpRefreshes } from '../../packages/server/src/overview/roll-up-refreshes.ts'
import type { Shown } from '../console/addresses.fixture.ts'
import { changeWorkspace } from '../e2e/browser.fixture.ts'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import type { TestClock, TestGrantry } from '../support/grantry.ts'
import { goodPassword, openBrowser } from '../support/members.ts'

const day = 86_400
const services = ['gmail', 'pipedrive', 'slack', 'github', 'hubspot']
/** The others' tokens do not end. */
const refreshed = new Set(['gmail', 'pipedrive', 'hubspot'])
const people = [
  ['u_1001', 'maria.santos@example.com', 'Maria Santos'],
  ['u_1002', 'jonas.weber@example.com', 'Jonas Weber'],
  ['u_1003', 'aiko.tanaka@example.com', 'Aiko Tanaka'],
  ['u_1004', 'claire.dubois@example.com', 'Claire Dubois'],
  ['u_1005', 'diego.ruiz@example.com', 'Diego Ruiz'],
] as const
const accounts = ['ada@example.com', 'grace@example.com', 'linus@example.com']

/** A week in the life of a workspace, ending now: what the pictures show. */
export async function seedWeek(grantry: TestGrantry, clock: TestClock): Promise<Shown> {
  const control = grantry.sandbox!.control
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await grantry.call(method, `/api/v1${path}`, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body?.data
  }
  await changeWorkspace(grantry, {
    name: 'Acme',
    allowed_origins: ['https://app.acme.example'],
    return_urls: ['https://app.acme.example/settings/connected'],
  })
  const workspace = await call('GET', '/workspace')
  const integrations: Record<string, string> = {}
  for (const service of services) {
    const { id } = await addSandboxIntegration(grantry, service, { label: labels[service] })
    integrations[service] = id
  }
  await call('POST', '/apps', { name: 'Reports' })
  const key = { scopes: ['connections:read', 'tokens:read'] }
  await call('POST', '/api-keys', { name: 'Mail worker', ...key })
  const client = await call('POST', '/oauth-clients', {
    client_name: 'Reports for Acme',
    redirect_uris: ['https://reports.example/callback'],
  })
  await call('POST', '/registration-tokens', { name: 'Partners' })
  await insertGrant(grantry.ctx.db, {
    workspace: decodeId('ws', workspace.id)!,
    client: client.client_id,
    client_name: 'Reports for Acme',
    created_at: clock.now(),
    updated_at: clock.now(),
  })
  await join('Grace Hopper', 'grace@acme.example', 'admin')
  await join('Linus Pauling', 'linus@acme.example', 'viewer')
  await call('POST', '/invitations', { email: 'mary@acme.example', role: 'developer' })

  const connections: { id: string; service: string; account: string }[] = []
  for (let step = 0; step < 28; step++) {
    const next = plan[step]
    if (next) {
      const [service, person, account] = next
      const [id, email, display_name] = people[person]!
      const made = await connectAccount(
        grantry,
        { provider: service, end_user: { id, email, display_name }, access_type: 'read' },
        accounts[account]!,
      )
      connections.push({ id: made.id, service, account: accounts[account]! })
    }
    if (step > 9 && step % 5 === 3)
      control.fault({ provider: 'hubspot', endpoint: 'token', times: 1, fault: 'status', status: 503 })
    if (step === 26) control.revokeGrant({ provider: 'gmail', account: 'grace@example.com' })
    for (const { id, service } of connections)
      if (refreshed.has(service)) await grantry.call('POST', `/api/v1/connections/${id}/refresh`)
    await call('GET', `/connections/${connections[0]!.id}/token`)
    clock.advance(step < 27 ? day / 4 : 240)
  }
  control.clearFaults()
  const find = (service: string, account: string) =>
    connections.find((one) => one.service === service && one.account === account)!.id
  const revoked = find('github', 'linus@example.com')
  const { id: breakGlass } = await call('POST', '/break-glass', {
    criteria: { provider: 'github', end_user_id: people[4][0] },
  })
  await runDueRevocations(grantry.ctx)
  await followBreakGlass(grantry.ctx)
  const active = find('gmail', 'ada@example.com')
  const server = (connection_id: string, mcp_server: string, access_type: string) =>
    call('POST', '/mcp-servers', { mcp_server, access_type, auth_method: 'oauth', connection_id })
  const mcpServer = await server(active, 'gmail', 'write')
  await server(find('github', 'ada@example.com'), 'github', 'read')
  const webhook = await addWebhook()
  clock.advance(420)
  await rollUpRefreshes(grantry.ctx)
  return {
    connections: { active, needs_reauth: find('gmail', 'grace@example.com'), revoked },
    integration: integrations.gmail!,
    mcpServer: mcpServer.id,
    client: client.id,
    webhook,
    breakGlass,
  }

  /** One whose receiver is up; nobody is at the address that the pictures show. */
  async function addWebhook(): Promise<string> {
    const { id } = await call('POST', '/webhook-endpoints', { url: `${grantry.sandbox!.url}/hooks` })
    const { db } = grantry.ctx
    const place = { workspace_id: decodeId('ws', workspace.id)!, endpoint_id: decodeId('whe', id)! }
    await db
      .updateTable('webhook_endpoints')
      .set({ url: 'https://app.acme.example/hooks/grantry' })
      .where('workspace_id', '=', place.workspace_id)
      .where('id', '=', place.endpoint_id)
      .execute()
    const events = await db
      .selectFrom('events')
      .selectAll()
      .where('workspace_id', '=', place.workspace_id)
      .where('type', 'in', ['connection.created', 'connection.needs_reauth', 'connection.revoked'])
      .execute()
    for (const event of events) {
      const arrived = { at: event.at + 400, status: 204, error: null, ms: 38, answer: null }
      await db
        .insertInto('webhook_deliveries')
        .values({
          ...place,
          event_id: event.id,
          type: event.type,
          status: 'delivered',
          attempts: 1,
          tries: JSON.stringify([arrived]),
          delivered_at: event.at + 438,
        })
        .execute()
    }
    return id
  }

  async function join(name: string, email: string, role: string) {
    const { link } = await call('POST', '/invitations', { email, role })
    await openBrowser(grantry).post(link, { name, password: goodPassword })
  }
}

const labels: Record<string, string> = {
  gmail: 'Gmail',
  pipedrive: 'Pipedrive',
  slack: 'Slack',
  github: 'GitHub',
  hubspot: 'HubSpot',
}

/** Who connects what, one a quarter of a day: service, person, account there. */
const plan: [service: string, person: number, account: number][] = [
  ['gmail', 0, 0],
  ['pipedrive', 0, 0],
  ['slack', 1, 1],
  ['gmail', 1, 1],
  ['github', 2, 0],
  ['hubspot', 3, 0],
  ['gmail', 3, 2],
  ['github', 4, 2],
  ['hubspot', 2, 1],
  ['pipedrive', 4, 2],
]
