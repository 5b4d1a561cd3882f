import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeId } from '../../packages/api/src/ids.ts'
import { signChain, signChains } from '../../packages/server/src/audit/chain/checkpoint.ts'
import { openCollector } from '../../packages/server/src/audit/chain/collector.ts'
import { eventText, linkHash, noHash } from '../../packages/server/src/audit/chain/event-text.ts'
import { linkEvents } from '../../packages/server/src/audit/chain/link.ts'
import { packLinks, unpackLinks } from '../../packages/server/src/audit/chain/links.ts'
import { pruneEvents } from '../../packages/server/src/audit/chain/prune.ts'
import { sendWaiting } from '../../packages/server/src/audit/chain/send.ts'
import { system } from '../../packages/server/src/audit/event.ts'
import { toRow } from '../../packages/server/src/audit/record.ts'
import type { Context } from '../../packages/server/src/context.ts'
import { insertRows } from '../../packages/server/src/db/insert-rows.ts'
import { transaction } from '../../packages/server/src/db/transaction.ts'
import { runCli } from '../support/cli.ts'
import { eachDatabase } from '../support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'

const day = 24 * 3600

eachDatabase('the chain of events', (open) => {
  let grantry: TestGrantry
  let workspace: string
  let folder: string
  let keys: string
  const collector = startCollector()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'grantry-chain-'))
    grantry = await startTestGrantry({
      databaseUrl: open.url,
      sandbox: false,
      world: { background: false },
      env: {
        GRANTRY_AUDIT_RETENTION_DAYS: '31',
        OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
        // Spans are another test's matter.
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=grantry%20audit',
      },
    })
    workspace = decodeId('ws', (await grantry.call('GET', '/api/v1/account')).body.data.workspace.id)!
    keys = join(folder, 'keys.json')
    const published = await grantry.call('GET', '/.well-known/grantry-audit-keys.json', undefined, {
      key: null,
    })
    await writeFile(keys, published.text)
  })
  afterAll(async () => {
    await grantry?.close()
    await collector.close()
    await rm(folder, { recursive: true, force: true })
  })

  const state = async () => (await grantry.call('GET', '/api/v1/events/chain')).body.data
  async function write(count: number, ctx: Context = grantry.ctx) {
    const rows = Array.from({ length: count }, (_, n) =>
      toRow(ctx, { workspace, type: 'token.read', actor: system, endUser: `user "${n}"\n`, data: { n } }),
    )
    for (let from = 0; from < count; from += 100)
      await ctx.db
        .insertInto('events')
        .values(rows.slice(from, from + 100))
        .execute()
    return rows
  }
  const linksOf = async (of = workspace) =>
    (
      await grantry.ctx.db
        .selectFrom('event_links')
        .selectAll()
        .where('workspace_id', '=', of)
        .orderBy('last_seq')
        .execute()
    ).flatMap(unpackLinks)

  let files = 0
  async function exported(...more: string[]) {
    const file = join(folder, `${files++}.jsonl`)
    const answer = await runCli(['events', 'export', '--output', file, ...more], {
      env: { GRANTRY_URL: grantry.url, GRANTRY_API_KEY: grantry.apiKey },
    })
    expect(answer.code, answer.stderr).toBe(0)
    return file
  }
  async function verify(file: string, ...more: string[]) {
    const answer = await runCli(['--json', 'events', 'verify', file, '--keys', keys, ...more])
    return { code: answer.code, ...answer.json }
  }

  test('two processes that write and link at once leave no gap and link nothing twice', async () => {
    const other = { ...grantry.ctx, db: await open() }
    const both = [grantry.ctx, other]
    await Promise.all([
      ...both.map(async (ctx) => {
        for (let n = 0; n < 4; n++) await write(15, ctx)
      }),
      ...both.map(async (ctx) => {
        for (let n = 0; n < 8; n++) await linkEvents(ctx)
      }),
    ])
    await linkEvents(grantry.ctx)
    const links = await linksOf()
    const { rows } = await sql<{
      id: string
    }>`select id from events where workspace_id = ${workspace}`.execute(grantry.ctx.db)
    expect(links.map(({ seq }) => seq)).toEqual(links.map((_, index) => index + 1))
    expect(links.map(({ event }) => event).sort()).toEqual(rows.map(({ id }) => id).sort())
    expect(await state()).toMatchObject({ seq: rows.length, hash: links.at(-1)!.hash, unlinked: 0 })
  })

  test('one that was committed late, with an older id, gets the next place', async () => {
    const [late] = await write(1, {
      ...grantry.ctx,
      clock: { ...grantry.clock, now: () => Date.now() - 60_000 },
    })
    await write(2)
    await grantry.ctx.db.deleteFrom('events').where('id', '=', late!.id).execute()
    await grantry.ctx.db.deleteFrom('unlinked_events').where('id', '=', late!.id).execute()
    await linkEvents(grantry.ctx)
    await grantry.ctx.db.insertInto('events').values(late!).execute()
    await linkEvents(grantry.ctx)
    expect((await linksOf()).at(-1)!.event).toBe(late!.id)
  })

  test.runIf(open.dialect === 'postgres')(
    'one that is committed while others are being linked keeps its place in the queue',
    async () => {
      const { db } = grantry.ctx
      const clock = { ...grantry.clock, now: () => Date.now() - 60_000 }
      const late = toRow({ ...grantry.ctx, clock }, { workspace, type: 'token.read', actor: system })
      await write(2)
      const linking = await transaction(db, async (tx) => {
        await sql`lock table events in access exclusive mode`.execute(tx)
        const under = linkEvents(grantry.ctx)
        // It has seen what waits, and is to read the events.
        const waiting = sql`select 1 from pg_locks where relation = 'events'::regclass and not granted`
        await expect.poll(async () => (await waiting.execute(tx)).rows.length).toBe(1)
        await tx.insertInto('events').values(late).execute()
        return { under }
      })
      await linking.under
      await linkEvents(grantry.ctx)
      expect((await linksOf()).at(-1)!.event).toBe(late.id)
    },
  )

  test('cut off in the middle, it goes on without a gap', async () => {
    const { db } = grantry.ctx
    const before = await state()
    await write(3)
    await sql`alter table event_links rename to event_links_away`.execute(db)
    await expect(linkEvents(grantry.ctx)).rejects.toThrow()
    await sql`alter table event_links_away rename to event_links`.execute(db)
    expect(await state()).toMatchObject({ seq: before.seq, unlinked: 3 })
    await linkEvents(grantry.ctx)
    expect(await state()).toMatchObject({ seq: before.seq + 3, unlinked: 0 })
  })

  test('an export is right by itself, goes on from an earlier one, and tells of nobody else', async () => {
    const earlier = await exported()
    const first = await verify(earlier)
    expect(first).toMatchObject({ code: 0, first_seq: 1, faults: [], late: null })
    expect(first.signed.seq).toBe(first.last_seq)
    await write(5)
    const rest = await exported('--continue', earlier)
    const next = await verify(rest, '--earlier', earlier)
    expect(next).toMatchObject({ code: 0, first_seq: first.last_seq + 1, faults: [] })
    // Five, the end of the first export, and the beginning of this one.
    expect(next.events).toBe(7)
    const narrow = await grantry.call('POST', '/api/v1/api-keys', {
      name: 'narrow',
      scopes: ['events:read'],
      app_id: (await grantry.call('POST', '/api/v1/apps', { name: 'one' })).body.data.id,
    })
    for (const path of ['/api/v1/events/chain', '/api/v1/events/chain/export'])
      expect((await grantry.call('GET', path, undefined, { key: narrow.body.data.secret })).status).toBe(403)
    expect((await grantry.call('GET', '/api/v1/events/chain/export?after=1')).status).toBe(409)
  })

  const tables = ['events', 'unlinked_events', 'event_chains', 'event_links', 'event_checkpoints'] as const

  /** Makes all of them what they were. */
  async function remember() {
    const { db } = grantry.ctx
    const kept = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
    return async () => {
      for (const table of tables) await db.deleteFrom(table).execute()
      for (const [index, table] of tables.entries()) {
        await insertRows(db, table, kept[index] as never)
        // The database queued them as it does new ones.
        if (table === 'events') await db.deleteFrom('unlinked_events').execute()
      }
    }
  }

  /** As somebody does it who can write the database, and knows all but the key. */
  async function rebuild(from: number) {
    const { db } = grantry.ctx
    const links = (await linksOf()).filter(({ seq }) => seq >= 1)
    const rows = new Map(
      (await db.selectFrom('events').selectAll().where('workspace_id', '=', workspace).execute()).map(
        (row) => [row.id, row],
      ),
    )
    let hash = noHash
    let seq = 0
    const anew = links.flatMap((link) => {
      const row = rows.get(link.event)
      if (!row) return []
      hash = linkHash(hash, ++seq, eventText(row))
      return [{ seq, event: link.event, hash }]
    })
    expect(anew[from - 2]?.hash).toBe(links[from - 2]?.hash)
    await db.deleteFrom('event_links').where('workspace_id', '=', workspace).execute()
    await db
      .insertInto('event_links')
      .values({ workspace_id: workspace, last_seq: seq, links: packLinks(anew) })
      .execute()
    await db.updateTable('event_chains').set({ seq, hash }).where('workspace_id', '=', workspace).execute()
  }

  test('whatever somebody does to the log in the database is found, and where', async () => {
    const { db } = grantry.ctx
    await db.deleteFrom('event_checkpoints').where('seq', '<', 50).execute()
    await write(10)
    await linkEvents(grantry.ctx)
    await signChain(grantry.ctx, workspace)
    await write(10)
    const earlier = await exported()
    const links = await linksOf()
    const signed = (await state()).checkpoint
    const at = signed.seq - 5
    const victim = links[at - 1]!.event
    const restore = await remember()
    // The header is line 1, and checkpoints have lines too.
    const findings = async (...more: string[]) => {
      const { code, faults } = await verify(await exported(), ...more)
      await restore()
      return [code, ...faults.map(({ what }: { what: string }) => what)]
    }
    const event = db.updateTable('events').where('id', '=', victim)

    await event.set({ data: '{"n":"another"}' }).execute()
    expect(await findings()).toEqual([1, expect.stringMatching(`^event ${at} was changed`)])

    await event.set({ actor_id: workspace }).execute()
    expect(await findings()).toEqual([1, expect.stringMatching(`^event ${at} was changed`)])

    await db.deleteFrom('events').where('id', '=', victim).execute()
    expect(await findings()).toEqual([1, expect.stringMatching(`^event ${at} .* was deleted`)])

    const [one, two] = [links[at - 1]!, links[at]!]
    const swapped = links.map((link) => (link === one ? two : link === two ? one : link))
    await db.deleteFrom('event_links').where('workspace_id', '=', workspace).execute()
    const packed = packLinks(swapped.map((link, index) => ({ ...link, seq: index + 1 })))
    await db
      .insertInto('event_links')
      .values({ workspace_id: workspace, last_seq: links.length, links: packed })
      .execute()
    expect(await findings()).toEqual(
      expect.arrayContaining([
        1,
        expect.stringMatching(`^event ${at} was changed`),
        expect.stringMatching(`^event ${at + 1} was changed`),
      ]),
    )

    // Put in or taken out with the chain made anew, the checkpoints show it.
    await db.deleteFrom('events').where('id', '=', victim).execute()
    await rebuild(at)
    expect(await findings()).toContainEqual(
      expect.stringMatching(/^the signed checkpoint of event \d+ has another hash|^is a checkpoint of event/),
    )

    await event.set({ data: '{"n":"another"}' }).execute()
    await rebuild(at)
    expect(await findings()).toContainEqual(
      expect.stringMatching(`^the signed checkpoint of event ${signed.seq} has another hash`),
    )

    // With the checkpoints taken out as well, the deployment signs what it finds: what was taken along before tells.
    await event.set({ data: '{"n":"another"}' }).execute()
    await rebuild(at)
    await db.deleteFrom('event_checkpoints').where('workspace_id', '=', workspace).execute()
    expect(await findings('--earlier', earlier)).toContainEqual(
      expect.stringMatching(/^event \d+ is another than in /),
    )

    // The tail cut off, up to an older checkpoint or not.
    const cut = links.slice(0, at)
    await db
      .deleteFrom('events')
      .where(
        'id',
        'in',
        links.slice(at).map(({ event }) => event),
      )
      .execute()
    await db.deleteFrom('event_links').where('workspace_id', '=', workspace).execute()
    await db.deleteFrom('event_checkpoints').where('seq', '>', at).execute()
    await db
      .insertInto('event_links')
      .values({ workspace_id: workspace, last_seq: at, links: packLinks(cut) })
      .execute()
    await db
      .updateTable('event_chains')
      .set({ seq: at, hash: cut.at(-1)!.hash, signed_seq: 0 })
      .where('workspace_id', '=', workspace)
      .execute()
    expect(await findings('--checkpoint', signed.jws)).toContainEqual(
      expect.stringMatching(/the checkpoint given knows event \d+: the chain was cut back/),
    )

    // Another workspace's checkpoint, good as it is, in the place of ours.
    const made = await grantry.call('POST', '/api/v1/workspaces', { name: 'b' }, { key: grantry.operatorKey })
    await linkEvents(grantry.ctx)
    const theirs = await signChain(grantry.ctx, decodeId('ws', made.body.data.id)!)
    await db
      .updateTable('event_checkpoints')
      .set({ jws: theirs!.jws })
      .where('seq', '=', signed.seq)
      .execute()
    expect(await findings()).toContainEqual(expect.stringMatching(/checkpoint of another workspace/))

    expect((await verify(await exported(), '--earlier', earlier)).faults).toEqual([])
  }, 60_000)

  test('an event that is deleted before it has its place is told of', async () => {
    const [gone] = await write(2)
    await grantry.ctx.db.deleteFrom('events').where('id', '=', gone!.id).execute()
    await linkEvents(grantry.ctx)
    expect(grantry.logs()).toContain('deleted before it was linked')
    expect(await grantry.ctx.metrics.render()).toMatch(/grantry_audit_chain_faults_total\{.*\} 1\n/)
    expect((await verify(await exported())).code).toBe(0)
  })

  test('a chain is signed five minutes after it was last', async () => {
    await write(1)
    await linkEvents(grantry.ctx)
    const before = await state()
    await signChains(grantry.ctx)
    expect((await state()).checkpoint).toEqual(before.checkpoint)
    grantry.clock.advance(301)
    await signChains(grantry.ctx)
    expect((await state()).checkpoint.seq).toBe(before.seq)
  })

  test('the collector gets every event in order, with what its hash was made of; while it is away nothing is lost', async () => {
    const to = await openCollector(grantry.ctx.config.telemetry.logs!)
    const send = () => sendWaiting(grantry.ctx, to)
    collector.answer = 400
    await expect(send()).rejects.toThrow()
    expect(collector.taken).toEqual([])
    collector.answer = 200
    await Promise.all([send(), send()])
    await write(3)
    await linkEvents(grantry.ctx)
    await send()
    await send()
    const { events, checkpoints, headers } = collector.read()
    const links = await linksOf()
    expect(events.map(({ seq, hash }) => [seq, hash])).toEqual(links.map(({ seq, hash }) => [seq, hash]))
    let hash = noHash
    for (const event of events) {
      hash = linkHash(hash, event.seq, event.body)
      expect(hash).toBe(event.hash)
    }
    expect(checkpoints.at(-1)).toBe((await state()).checkpoint.jws)
    expect(headers['x-tenant']).toBe('grantry audit')
    await to.close()
  })

  test('what is older than events are kept is deleted up to a checkpoint, and the rest can still be checked', async () => {
    const before = await state()
    await pruneEvents(grantry.ctx)
    expect(await state()).toMatchObject({ pruned_seq: 0 })
    await write(3)
    await linkEvents(grantry.ctx)
    grantry.clock.advance(32 * day)
    await write(2)
    // What the collector has not taken yet stays.
    const feed = grantry.ctx.db.updateTable('event_feeds').where('workspace_id', '=', workspace)
    await feed.set({ sent_seq: 0 }).execute()
    await pruneEvents(grantry.ctx)
    expect(await state()).toMatchObject({ pruned_seq: 0 })
    await feed.set({ sent_seq: before.seq }).execute()
    await pruneEvents(grantry.ctx)
    // What no checkpoint of that age covers stays.
    expect((await state()).pruned_seq).toBe(before.checkpoint.seq)
    const file = await exported()
    expect(await verify(file)).toMatchObject({ code: 0, first_seq: before.checkpoint.seq + 1, faults: [] })
    const left = await grantry.call('GET', '/api/v1/events?type=events.pruned')
    expect(left.body.data).toMatchObject([
      { actor: { kind: 'system' }, data: { events: before.checkpoint.seq, up_to: before.checkpoint.seq } },
    ])
    const oldest = (await linksOf())[0]!
    expect(oldest.seq).toBe(before.checkpoint.seq + 1)
    const { rows } = await sql<{ count: number | string }>`select count(*) as count from events
      where workspace_id = ${workspace}`.execute(grantry.ctx.db)
    expect(Number(rows[0]!.count)).toBe(
      (await state()).seq + (await state()).unlinked - before.checkpoint.seq,
    )
    expect((await grantry.call('GET', '/api/v1/events/chain/export?after=0')).status).toBe(409)
  })

  test('a record that the collector refuses holds up what is behind it in its own chain only', async () => {
    const { ctx } = grantry
    // Whichever of them comes first, it is one that is refused.
    const [one, other, last] = ['0', '7', 'f'].map(
      (digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    ) as [string, string, string]
    const unwanted = new Set<string>()
    for (const of of [one, other, last]) {
      const rows = Array.from({ length: 9 }, (_, n) =>
        toRow(ctx, {
          workspace: of,
          type: 'token.read',
          actor: system,
          data: { n, ...(of !== other && n === 6 ? { unwanted: true } : {}) },
        }),
      )
      await ctx.db.insertInto('events').values(rows).execute()
      if (of !== other) unwanted.add(rows[6]!.id)
    }
    await linkEvents(ctx)
    const before = async (of: string) => (await linksOf(of)).findIndex(({ event }) => unwanted.has(event))
    const to = await openCollector(ctx.config.telemetry.logs!)
    const sent = async () =>
      (
        await ctx.db
          .selectFrom('event_feeds')
          .select('sent_seq')
          .where('workspace_id', 'in', [one, other, last])
          .orderBy('workspace_id')
          .execute()
      ).map(({ sent_seq }) => sent_seq)
    collector.refused = 'unwanted'
    await expect(sendWaiting(ctx, to)).rejects.toThrow('were not sent')
    expect(await sent()).toEqual([await before(one), 9, await before(last)])
    collector.refused = null
    await sendWaiting(ctx, to)
    expect(await sent()).toEqual([9, 9, 9])
    await to.close()
  })
})

test('the background links, signs and sends by itself', async () => {
  const collector = startCollector()
  const grantry = await startTestGrantry({
    sandbox: false,
    env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${await collector.listen()}/v1/logs` },
  })
  try {
    await expect.poll(() => collector.taken.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(collector.read().events[0]).toMatchObject({ seq: 1 })
  } finally {
    await grantry.close()
    await collector.close()
  }
})

/** Speaks OTLP over HTTP as JSON, and keeps what it is sent. */
function startCollector() {
  type Value = { stringValue?: string; intValue?: number | string }
  type Request = {
    resourceLogs: {
      scopeLogs: {
        logRecords: { eventName: string; body: Value; attributes: { key: string; value: Value }[] }[]
      }[]
    }[]
  }
  const collector = {
    answer: 200,
    /** What a body may not hold: 413. */
    refused: null as string | null,
    taken: [] as { path: string; headers: Record<string, unknown>; body: Request }[],
    async listen() {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    close: () => new Promise((resolve) => server.close(resolve)),
    read() {
      for (const { path } of collector.taken) expect(path).toBe('/v1/logs')
      const records = collector.taken
        .flatMap(({ body }) => body.resourceLogs)
        .flatMap(({ scopeLogs }) => scopeLogs)
        .flatMap(({ logRecords }) => logRecords)
      const of = (record: (typeof records)[number], name: string) =>
        record.attributes.find(({ key }) => key === name)?.value
      return {
        headers: collector.taken[0]!.headers,
        checkpoints: records
          .filter(({ eventName }) => eventName === 'grantry.audit.checkpoint')
          .map(({ body }) => body.stringValue),
        events: records
          .filter(({ eventName }) => eventName !== 'grantry.audit.checkpoint')
          .map((record) => ({
            seq: Number(of(record, 'grantry.audit.seq')?.intValue),
            hash: of(record, 'grantry.audit.hash')?.stringValue,
            body: record.body.stringValue!,
          })),
      }
    },
  }
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const answer = collector.refused && text.includes(collector.refused) ? 413 : collector.answer
      if (answer === 200)
        collector.taken.push({
          path: request.url!,
          headers: request.headers,
          body: JSON.parse(text) as Request,
        })
      response.writeHead(answer, { 'content-type': 'application/json' }).end('{}')
    })
  })
  return collector
}
