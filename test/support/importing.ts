import { connect } from '../../packages/sandbox/src/client.fixture.ts'
import type { Sandbox } from '../../packages/sandbox/src/start.ts'
import type { TestGrantry } from './grantry.ts'

/** Any running server that can be called, with a sandbox in this process. */
export type Reach = Pick<TestGrantry, 'call'> & { sandbox: Sandbox | null }

/** An integration of the sandbox's `plain` provider by its endpoints: no catalogue entry, rotating refresh tokens. */
export async function addPlainIntegration(grantry: Reach, fields: Record<string, unknown> = {}) {
  const { authorization_url, token_url, revocation, client_id, client_secret, api } =
    grantry.sandbox!.generic.plain!
  const answer = await grantry.call('POST', '/api/v1/integrations', {
    label: 'Plain',
    authorization_url,
    token_url,
    revocation_url: revocation!.url,
    api_base_url: api!.base_url,
    client_id,
    client_secret,
    scope: 'read',
    validate: false,
    ...fields,
  })
  if (answer.status !== 201) throw new Error(`integration refused: ${answer.text}`)
  return answer.body.data
}

export type Minted = { access_token: string; refresh_token: string }

/** Tokens that the sandbox gave to the same OAuth app somewhere else. */
export async function mintTokens(
  grantry: Reach,
  account = 'ada@example.com',
  provider = 'plain',
  params: Record<string, string> = { scope: 'read' },
): Promise<Minted> {
  return (await connect(grantry.sandbox!, provider, params, { account })) as Minted
}

/** Imports tokens; `expiresIn` in seconds on the server's clock, negative: long expired. Returns the connection. */
export async function importTokens(
  grantry: Reach & { clock?: { now(): number } },
  integration: string,
  tokens: Partial<Minted>,
  { expiresIn, ...fields }: Record<string, unknown> & { expiresIn?: number } = {},
) {
  const now = grantry.clock?.now() ?? Date.now()
  const expires_at = expiresIn === undefined ? undefined : new Date(now + expiresIn * 1000).toISOString()
  const { access_token, refresh_token } = tokens
  const answer = await grantry.call('POST', '/api/v1/connections', {
    integration,
    end_user: { id: 'u1' },
    tokens: { access_token, refresh_token, expires_at },
    ...fields,
  })
  if (answer.status !== 201) throw new Error(`import refused: ${answer.text}`)
  return answer.body.data
}

/** Moves the server's clock and the provider's together. */
export function passTime(grantry: TestGrantry, seconds: number): void {
  grantry.clock.advance(seconds)
  grantry.sandbox!.control.clock.advance(seconds)
}

export const readToken = (grantry: Reach, id: string, query = '') =>
  grantry.call('GET', `/api/v1/connections/${id}/token${query}`)

export const showConnection = async (grantry: Reach, id: string) =>
  (await grantry.call('GET', `/api/v1/connections/${id}`)).body.data

/** Types of the events about a connection, oldest first. */
export async function eventsOf(grantry: Reach, id: string): Promise<string[]> {
  const { body } = await grantry.call('GET', `/api/v1/events?connection=${id}&limit=200`)
  const types: string[] = body.data.map(({ type }: { type: string }) => type).reverse()
  // Asking for an ended connection's token makes a session that could renew it.
  return types.filter((type) => type !== 'connect_session.created')
}

/** Calls that reached the provider's token endpoint with a refresh token. */
export const refreshCalls = (grantry: Reach) =>
  grantry.sandbox!.control.calls({ endpoint: 'token', grant_type: 'refresh_token' })
