import type { Browser, Visit } from '../support/browser.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { addClient, addMember, type Client, challenge } from '../support/partner-app.ts'

/** A member whose browser is signed in, and a partner app that keeps no secret. */
export type PartnerScene = {
  grantry: TestGrantry
  member: string
  browser: Browser
  client: Client
  /** How much has been given out: codes, tokens, grants. */
  issued(): Promise<Record<string, number>>
  /** An authorization request as the app sends it, with some of it changed; undefined leaves a parameter out. */
  request(changes?: Record<string, string | undefined>): string
  /** Sends it from the member's browser. */
  visit(changes?: Record<string, string | undefined>): Promise<Visit>
  status(accessToken: string): Promise<number>
}

export async function openPartnerScene(databaseUrl: string): Promise<PartnerScene> {
  const grantry = await startTestGrantry({ databaseUrl, world: { background: false } })
  const { member, browser } = await addMember(grantry)
  const client = await addClient(grantry)
  const request: PartnerScene['request'] = (changes = {}) => {
    const query = {
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      state: 'the-state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    }
    const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined)
    return `${grantry.url}/oauth/authorize?${new URLSearchParams(said)}`
  }
  return {
    grantry,
    member,
    browser,
    client,
    request,
    visit: (changes) => browser.open(request(changes)),
    async issued() {
      const { db } = grantry.ctx
      const rows = await db
        .selectFrom('oauth_records')
        .select(['model', ({ fn }) => fn.countAll<number | string>().as('count')])
        .where('model', 'not in', ['Session', 'Interaction', 'ReplayDetection'])
        .groupBy('model')
        .orderBy('model')
        .execute()
      const grants = await db.selectFrom('oauth_grants').select('id').execute()
      return {
        ...Object.fromEntries(rows.map(({ model, count }) => [model, Number(count)])),
        grants: grants.length,
      }
    },
    status: async (accessToken) =>
      (await grantry.call('GET', '/api/v1/account', undefined, { key: accessToken })).status,
  }
}

/** What an address carries back to the client. */
export const answerOf = ({ url }: Pick<Visit, 'url'>): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams)
