import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { attemptRow } from '../../../../test/support/token-rows.ts'
import type { Db } from '../db/connect.ts'
import { newId } from '../db/new-id.ts'
import type { IntegrationRow, TokenRequestRow, WorkspaceRow } from '../db/schema.ts'
import { dayMs, hourMs } from './count-refreshes.ts'
import { quantile } from './lag-steps.ts'
import { readRefreshFigures } from './refresh-figures.ts'
import { rollUpRefreshes } from './roll-up-refreshes.ts'

const begin = Date.parse('2026-11-21T10:00:00Z')

eachDatabase('refreshes over time', (open) => {
  let db: Db
  let now = begin
  const clock = { now: () => now, sleep: async () => {} }
  const random = (bytes: number) => randomBytes(bytes)
  const catalogue = new Map([['gmail', { display_name: 'Gmail' }]]) as never
  const ctx = () => ({ catalogue, clock, db })
  let workspace: string
  let gmail: string
  let own: string

  async function addIntegration(label: string, provider: string | null, inside = workspace) {
    const id = newId({ clock, random })
    const row: IntegrationRow = {
      workspace_id: inside,
      id,
      app_id: null,
      name: null,
      callback_name: null,
      label,
      provider,
      grant_type: 'authorization_code',
      authorization_url: null,
      token_url: null,
      revocation_url: null,
      issuer: null,
      discovered: null,
      api_base_url: null,
      client_id: 'x',
      client_secret: null,
      secret_version: 0,
      token_auth_method: 'auto',
      scopes: '[]',
      params: '{}',
      extra_authorize_params: '{}',
      tenant_id: null,
      validation: '{}',
      connection_id: null,
      trial: 0,
      proxy_policy: null,
      created_at: now,
      updated_at: now,
    }
    await db.insertInto('integrations').values(row).execute()
    return id
  }

  async function addWorkspace() {
    const row: WorkspaceRow = {
      id: newId({ clock, random }),
      name: 'w',
      color: null,
      allowed_origins: '[]',
      return_urls: '[]',
      allow_direct_links: 0,
      plan: null,
      plan_expires_at: null,
      quotas: '{}',
      features: null,
      experiments: '[]',
      mcp_servers_made: 0,
      created_at: now,
      deleted_at: null,
    }
    await db.insertInto('workspaces').values(row).execute()
    return row.id
  }

  /** An attempt that is sent `lag` ms after it was due, now. */
  async function refresh(
    integration: string,
    facts: Partial<TokenRequestRow> = {},
    { lag = 0, inside = workspace }: { lag?: number | null; inside?: string } = {},
  ) {
    const row = attemptRow({
      workspace_id: inside,
      id: newId({ clock, random }),
      integration_id: integration,
      spent_hash: null,
      due_at: lag === null ? null : now - lag,
      sent_at: now,
      received_at: now + 400,
      settle_at: null,
      outcome: 'stored',
      ...facts,
    })
    await db.insertInto('token_requests').values(row).execute()
  }

  const read = (wanted: Partial<Parameters<typeof readRefreshFigures>[1]> = {}) =>
    readRefreshFigures(ctx(), { workspace, span: 'hour', since: null, until: null, ...wanted })
  const none = { received_at: null }

  beforeAll(async () => {
    db = await open()
    workspace = await addWorkspace()
    gmail = await addIntegration('Gmail', 'gmail')
    own = await addIntegration('Our own', null)
    const other = await addWorkspace()
    await refresh(await addIntegration('Theirs', 'gmail', other), {}, { inside: other })
    for (const lag of [0, 500, 700, 3000]) await refresh(gmail, {}, { lag })
    await refresh(await addIntegration('Gmail, too', 'gmail'), {}, { lag: 90_000 })
    await refresh(gmail, { outcome: 'superseded' }, { lag: null })
    await refresh(gmail, { ...none, outcome: 'transient' }, { lag: null })
    await refresh(gmail, { ...none, outcome: null }, { lag: null })
    await refresh(gmail, { ...none, outcome: 'lost' }, { lag: null })
    await refresh(gmail, { kind: 'code' })
    await refresh(gmail, { kind: 'import' })
    now = begin + 2 * hourMs
    await refresh(own, { ...none, outcome: 'refused' }, { lag: 10_000 })
    await refresh(gmail, { kind: 'regrant', received_at: now + 1000 }, { lag: null })
  })

  const expected = {
    bucket: 'hour',
    since: '2026-11-20T12:00:00.000Z',
    figures: [
      {
        at: '2026-11-21T10:00:00.000Z',
        provider: 'gmail',
        integration_id: null,
        name: 'Gmail',
        stored: 6,
        refused: 0,
        transient: 1,
        uncertain: 2,
        lag: { refreshes: 5, p50: 1, p95: 90, max: 90 },
        answer: { mean: 0.4, max: 0.4 },
      },
      {
        at: '2026-11-21T12:00:00.000Z',
        provider: 'gmail',
        integration_id: null,
        name: 'Gmail',
        stored: 1,
        refused: 0,
        transient: 0,
        uncertain: 0,
        lag: null,
        answer: { mean: 1, max: 1 },
      },
      {
        at: '2026-11-21T12:00:00.000Z',
        provider: null,
        integration_id: expect.stringMatching(/^int_/),
        name: 'Our own',
        stored: 0,
        refused: 1,
        transient: 0,
        uncertain: 0,
        lag: { refreshes: 1, p50: 10, p95: 10, max: 10 },
        answer: null,
      },
    ],
  }

  test('what is just sent is in them, and adding up changes nothing, however many do it at once', async () => {
    // Nothing is added up yet, and the tail goes back an hour: of the first two hours ago nothing is told.
    expect((await read()).figures).toEqual(expected.figures.slice(1))
    now += 1000
    await Promise.all([rollUpRefreshes(ctx()), rollUpRefreshes(ctx()), rollUpRefreshes(ctx())])
    expect(await read()).toMatchObject(expected)
    now += hourMs / 2
    await rollUpRefreshes(ctx())
    await rollUpRefreshes(ctx())
    expect((await read()).figures).toEqual(expected.figures)
  })

  test('by day, by provider, by integration, by time', async () => {
    const { figures } = await read({ span: 'day' })
    expect(figures.map(({ at, name, stored, refused }) => [at, name, stored, refused])).toEqual([
      ['2026-11-21T00:00:00.000Z', 'Gmail', 7, 0],
      ['2026-11-21T00:00:00.000Z', 'Our own', 0, 1],
    ])
    expect((await read({ provider: 'gmail' })).figures).toEqual(expected.figures.slice(0, 2))
    expect((await read({ integration: own })).figures).toEqual(expected.figures.slice(2))
    expect((await read({ since: begin + hourMs })).figures).toEqual(expected.figures.slice(1))
    expect((await read({ until: begin + hourMs })).figures).toEqual(expected.figures.slice(0, 1))
    expect((await read({ provider: 'slack' })).figures).toEqual([])
  })

  test('attempts are needed no more once they are added up; figures go after 14 and 400 days', async () => {
    await db.deleteFrom('token_requests').execute()
    expect((await read()).figures).toEqual(expected.figures)
    now = Date.parse('2026-12-05T11:00:10Z')
    await rollUpRefreshes(ctx())
    const left = () => db.selectFrom('refresh_figures').select(['span', 'starts_at']).execute()
    expect((await left()).filter(({ span }) => span === 'hour').map(({ starts_at }) => starts_at)).toEqual(
      expect.not.arrayContaining([begin]),
    )
    expect((await read({ span: 'day' })).figures.map(({ stored }) => stored)).toEqual([7, 0])
    now += 400 * dayMs
    await rollUpRefreshes(ctx())
    expect(await left()).toEqual([])
  })
})

describe('what a share stays below', () => {
  test('the end of its step, and no more than the most', () => {
    expect(quantile({ 0: 90, 3: 10 }, 0.5, 7500)).toBe(1000)
    expect(quantile({ 0: 90, 3: 10 }, 0.95, 7500)).toBe(7500)
    expect(quantile({ 0: 90, 3: 10 }, 0.95, 60_000)).toBe(8000)
    expect(quantile({ 17: 1 }, 0.5, 99_000_000)).toBe(99_000_000)
  })
})
