import { afterAll, beforeAll, expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { addPlainIntegration, importTokens } from '../../../../test/support/importing.ts'
import { migrate } from '../db/migrate.ts'
import { migrations } from '../db/migrations/index.ts'
import type { ConnectionRow } from '../db/schema.ts'
import { searchTerms } from '../db/search-terms.ts'
import { pendingRow } from './begin.ts'
import { listConnections } from './find.ts'

test('terms: what is written whole, words of names, domains of addresses; composed alike, in small letters', () => {
  const nothing = {
    end_user_id: null,
    end_user_email: null,
    end_user_name: null,
    account_id: null,
    account_label: null,
    account_email: null,
  }
  expect(searchTerms(nothing)).toEqual([])
  expect(
    searchTerms({
      ...nothing,
      end_user_id: 'U-17',
      end_user_email: 'Ada@Example.COM',
      end_user_name: 'Ada Lovelace-Byron',
      account_label: 'A\u0301da (Gmail)',
    }),
  ).toEqual([
    'u-17',
    'ada@example.com',
    'ada lovelace-byron',
    'áda (gmail)',
    'ada',
    'lovelace',
    'byron',
    'áda',
    'gmail',
    'example.com',
  ])
})

eachDatabase('searching connections', (open) => {
  let grantry: TestGrantry
  let integration: string
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    grantry = await startTestGrantry({ databaseUrl: open.url, world: { background: false } })
    integration = (await addPlainIntegration(grantry)).id
    for (const [id, email, display_name] of [
      ['u1', 'ada@example.com', 'Ada Lovelace'],
      ['u2', 'grace@navy.example', 'Grace Hopper'],
      ['U%_\\3', 'elodie@example.com', 'Élodie Łukasz'],
    ] as const)
      ids[id] = (
        await importTokens(
          grantry,
          integration,
          { access_token: 'x' },
          { end_user: { id, email, display_name } },
        )
      ).id
    const many = await grantry.call('POST', '/api/v1/connections/import', {
      items: [
        {
          key: 'one',
          integration,
          end_user: { id: 'u4' },
          account: { id: 'acc-9', label: 'Ada at work', email: 'ada@work.example' },
          tokens: { access_token: 'x' },
        },
      ],
    })
    ids.u4 = many.body.data.results[0].connection_id
  })
  afterAll(() => grantry?.close())

  const search = async (q: string, more = '') => {
    const { status, body, text } = await grantry.call(
      'GET',
      `/api/v1/connections?q=${encodeURIComponent(q)}${more}`,
    )
    expect(status, text).toBe(200)
    return body.data.map(({ id }: { id: string }) => Object.keys(ids).find((name) => ids[name] === id))
  }

  test.each([
    ['ada', ['u4', 'u1']],
    ['ADA L', ['u1']],
    ['love', ['u1']],
    ['lace', []],
    ['example.com', ['U%_\\3', 'u1']],
    ['work.ex', ['u4']],
    ['acc-', ['u4']],
    ['u', ['u4', 'U%_\\3', 'u2', 'u1']],
    ['%', []],
    ['u%_\\', ['U%_\\3']],
    ['e\u0301LO', ['U%_\\3']],
    ['łu', ['U%_\\3']],
    ['nobody', []],
  ])('%s', async (q, found) => {
    expect(await search(q)).toEqual(found)
  })

  test('by its id, in pages, together with other filters, and of nobody else', async () => {
    expect(await search(ids.u2!)).toEqual(['u2'])
    expect(await search('con_nothing')).toEqual([])
    const first = await grantry.call('GET', '/api/v1/connections?q=u&limit=3')
    expect(first.body.data).toHaveLength(3)
    expect(await search('u', `&limit=3&cursor=${first.body.next_cursor}`)).toEqual(['u1'])
    expect(await search('ada', '&end_user=u4')).toEqual(['u4'])
    expect(await search('ada', '&status=revoked')).toEqual([])
    const other = await grantry.call(
      'POST',
      '/api/v1/workspaces',
      { name: 'x' },
      { key: grantry.operatorKey },
    )
    const theirs = await grantry.call('GET', '/api/v1/connections?q=ada', undefined, {
      key: other.body.data.api_key,
    })
    expect(theirs.body.data).toEqual([])
    const foreign = await grantry.call('GET', `/api/v1/connections?q=${ids.u1}`, undefined, {
      key: other.body.data.api_key,
    })
    expect(foreign.body.data).toEqual([])
  })

  test('of a beginning that thousands share, the newest are found, and no other’s', async () => {
    const { db } = grantry.ctx
    const [row] = await db.selectFrom('connections').selectAll().where('end_user_id', '=', 'u1').execute()
    const rows = Array.from({ length: 5_100 }, (_, n) => {
      const id = `01000000-0000-7000-8000-${String(n).padStart(12, '0')}`
      return { ...row!, id, identity: id, end_user_id: `many${n}` }
    })
    const terms = rows.map(({ workspace_id, id, end_user_id }) => ({
      workspace_id,
      term: end_user_id,
      connection_id: id,
    }))
    for (let from = 0; from < rows.length; from += 100) {
      await db
        .insertInto('connections')
        .values(rows.slice(from, from + 100))
        .execute()
      await db
        .insertInto('connection_terms')
        .values(terms.slice(from, from + 100))
        .execute()
    }
    const { body } = await grantry.call('GET', '/api/v1/connections?q=MANY&limit=2')
    expect(body.data.map((each: { end_user: { id: string } }) => each.end_user.id)).toEqual([
      'many5099',
      'many5098',
    ])
    const next = await grantry.call('GET', `/api/v1/connections?q=many&limit=2&cursor=${body.next_cursor}`)
    expect(next.body.data.map((each: { end_user: { id: string } }) => each.end_user.id)).toEqual([
      'many5097',
      'many5096',
    ])
    const none = await grantry.call('GET', '/api/v1/connections?q=many&status=revoked')
    expect(none.body.data).toEqual([])
    for (const table of ['connections', 'connection_terms'] as const)
      await db
        .deleteFrom(table)
        .where(table === 'connections' ? 'id' : 'connection_id', '>=', '01000000-0000-7000-8000-000000000000')
        .where(table === 'connections' ? 'id' : 'connection_id', '<', '01000000-0000-7000-8001-000000000000')
        .execute()
  })
})

eachDatabase(
  'connections of before',
  (open) => {
    test('are found by what they are called, and end where their dates say', async () => {
      const db = await open()
      const workspace = '018f0000-0000-7000-8000-000000000001'
      const now = Date.now()
      const add = async (n: number, fields: Partial<ConnectionRow>) => {
        const id = `018f0000-0000-7000-8000-00000000010${n}`
        const integration = { workspace, id: workspace, provider: null }
        const endUser = { id: `u${n}`, email: null, name: 'Ada Lovelace' }
        const { ends_at, ...row } = pendingRow(id, now, { integration, app: null, endUser, scopes: [] })
        await db
          .insertInto('connections')
          .values({ ...row, status: 'active', ...fields } as never)
          .execute()
      }
      await add(1, { refresh_at: now, grant_ends_at: 7, warn_at: 5, refresh_token_expires_at: 6 })
      await add(2, { expires_at: 8, grant_ends_at: 9 })
      await add(3, { refresh_at: now, expires_at: 3, refresh_token_expires_at: 4 })
      await add(4, { refresh_at: now, expires_at: 3 })
      await add(5, { expires_at: 8, status: 'revoked' })
      expect(await migrate(db as never, migrations, () => now)).toContain('0016-search')
      const rows = await db
        .selectFrom('connections')
        .select(['end_user_id', 'ends_at'])
        .orderBy('id')
        .execute()
      expect(rows.map(({ ends_at }) => ends_at)).toEqual([7, 8, 4, null, null])
      const page = { limit: 10, after: null }
      const found = await listConnections(
        { db },
        { workspace, among: null, services: null, search: 'love' },
        page,
      )
      expect(found.map(({ end_user_id }) => end_user_id)).toEqual(['u5', 'u4', 'u3', 'u2', 'u1'])
    })
  },
  {
    migrations: migrations.slice(
      0,
      migrations.findIndex(({ name }) => name === '0015-figures'),
    ),
  },
)
