import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../../../../../test/support/cli.ts'

/** The format as docs/audit.md tells it, written once more. */
const workspace = 'ws_0000000000e008000000000001'
const zero = '0'.repeat(64)
const begun = Date.parse('2026-11-21T10:00:00Z')

type Key = { x: string; kid: string; key: KeyObject }
const makeKey = (): Key => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const x = publicKey.export({ format: 'jwk' }).x!
  const kid = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url')
  return { x, kid, key: privateKey }
}
const key = makeKey()
const stranger = makeKey()

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
function checkpoint(seq: number, hash: string, { by = key, of = workspace, at = begun + seq * 1000 } = {}) {
  const says = { workspace_id: of, seq, hash, at: new Date(at).toISOString() }
  const signed = `${part({ alg: 'EdDSA', kid: by.kid, typ: 'grantry-checkpoint' })}.${part(says)}`
  return `${signed}.${sign(null, Buffer.from(signed), by.key).toString('base64url')}`
}
const event = (seq: number, data = `"n":${seq}`, of = workspace) =>
  `{"workspace_id":"${of}","id":"evt_${String(seq).padStart(26, '0')}","type":"token.read","at":"${new Date(begun + seq * 1000).toISOString()}","data":{${data}}}`
const link = (before: string, seq: number, text: string) =>
  createHash('sha256').update(`${before}\n${seq}\n${text}`).digest('hex')
const eventLine = (seq: number, hash: string, text: string) =>
  `{"seq":${seq},"hash":"${hash}","event":${text}}`
const checkpointLine = (jws: string) => JSON.stringify({ checkpoint: jws })

/** Events 1 to 8: line 1 is the header, event 4 is signed in line 6, event 8 in line 11. */
function chain(change: { by?: Key; data?: (seq: number) => string | undefined } = {}) {
  const hashes = [zero]
  const lines: string[] = []
  for (let seq = 1; seq <= 8; seq++) {
    const text = event(seq, change.data?.(seq))
    hashes.push(link(hashes[seq - 1]!, seq, text))
    lines.push(eventLine(seq, hashes[seq]!, text))
    if (seq % 4 === 0) lines.push(checkpointLine(checkpoint(seq, hashes[seq]!, change)))
  }
  return { hashes, lines: [header(0, zero, null, checkpoint(8, hashes[8]!, change)), ...lines] }
}
function header(seq: number, hash: string, signed: string | null, through: string | null) {
  return JSON.stringify({
    grantry_audit_chain: 1,
    workspace_id: workspace,
    after: { seq, hash, checkpoint: signed },
    through,
  })
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grantry-verify-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const whole = chain()
let files = 0
async function save(lines: readonly string[], end = '\n') {
  const path = join(folder, `${files++}.jsonl`)
  await writeFile(path, lines.join('\n') + end)
  return path
}
async function verify(lines: readonly string[], ...more: string[]) {
  const { code, stdout, stderr } = await runCli([
    ...['--json', 'events', 'verify', await save(lines), '--key', key.x],
    ...more,
  ])
  const report = stdout === '' ? null : JSON.parse(stdout)
  const faults: string[] = (report?.faults ?? []).map(
    ({ line, what }: { line: number; what: string }) => `${line}: ${what}`,
  )
  return { code, report, faults, stderr }
}

test('a chain as it was written, with keys from a file too', async () => {
  const { code, report } = await verify(whole.lines)
  expect([code, report]).toMatchObject([
    0,
    {
      events: 8,
      first_seq: 1,
      last_seq: 8,
      last_hash: whole.hashes[8],
      signed: { seq: 8 },
      faults: [],
      late: null,
    },
  ])
  const keys = join(folder, 'keys.json')
  await writeFile(keys, JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: key.x }] }))
  const people = await runCli(['events', 'verify', await save(whole.lines), '--keys', keys])
  expect([people.code, people.stdout]).toEqual([
    0,
    expect.stringMatching(/8 events \(1 to 8\).*as they were written, signed up to event 8/),
  ])
})

const changed = (at: number, to: (line: string) => string) =>
  whole.lines.map((line, index) => (index === at - 1 ? to(line) : line))
const without = (from: number, count = 1) => whole.lines.toSpliced(from - 1, count)
const forged = chain({ data: (seq) => (seq === 3 ? '"n":"forged"' : undefined) })
const strangers = event(1, '"n":1', 'ws_7zzzzzzzzzzzzzzzzzzzzzzzzz')
const strangersHash = link(zero, 1, strangers)
const others = checkpoint(4, whole.hashes[4]!, { of: 'ws_7zzzzzzzzzzzzzzzzzzzzzzzzz' })

test.each<[string, readonly string[], RegExp[]]>([
  ['a letter of an event', changed(4, (line) => line.replace('"n":3', '"n":9')), [/^4: event 3 was changed/]],
  ['a blank in it', changed(4, (line) => line.replace('"n":3', '"n": 3')), [/^4: event 3 was changed/]],
  [
    'a hash',
    changed(4, (line) =>
      line.replace(/"hash":"\w/, (text) => `${text.slice(0, -1)}${text.endsWith('0') ? 1 : 0}`),
    ),
    [/^4: event 3 was changed/, /^5: event 4 was changed/],
  ],
  ['a line is gone', without(4), [/^4: event 3 is missing before event 4/]],
  ['two are gone', without(3, 2), [/^3: events 2 to 3 are missing before event 4/]],
  [
    'what the server found deleted',
    changed(4, () => `{"seq":3,"hash":"${whole.hashes[3]}","missing":"evt_${'0'.repeat(26)}"}`),
    [/^4: event 3 \(evt_0+\) was deleted/],
  ],
  [
    'two are swapped',
    [...whole.lines.slice(0, 3), whole.lines[4]!, whole.lines[3]!, ...whole.lines.slice(5)],
    [/^5: event 3 is out of its place/],
  ],
  [
    'a line twice',
    [...whole.lines.slice(0, 4), whole.lines[3]!, ...whole.lines.slice(4)],
    [/^5: event 3 was added/],
  ],
  [
    'an event put in, those behind it renumbered',
    [
      ...whole.lines.slice(0, 4),
      eventLine(4, whole.hashes[4]!, event(99)),
      ...whole.lines
        .slice(4)
        .map((line) => line.replace(/"seq":(\d)/, (_, seq) => `"seq":${Number(seq) + 1}`)),
    ],
    [/^5: event 4 was changed/, /^6: event 5 was changed/],
  ],
  [
    'something else',
    [...whole.lines.slice(0, 4), '{"hello":1}', ...whole.lines.slice(4)],
    [/^5: is no line of an export/],
  ],
  ['the end', whole.lines.slice(0, 8), [/^8: is the last one, with event 6, but the export went to event 8/]],
  ['the end up to a checkpoint', whole.lines.slice(0, 6), [/^6: .*went to event 8: its end was cut off/]],
  ['all but the header', whole.lines.slice(0, 1), [/^1: .*went to event 8/]],
  [
    'the chain made anew, with the old checkpoints',
    forged.lines.map((line, index) =>
      line.startsWith('{"checkpoint"') || index === 0 ? whole.lines[index]! : line,
    ),
    [
      /^6: the signed checkpoint of event 4 has another hash/,
      /^11: the signed checkpoint of event 8/,
      /^11: is not where the export ended/,
    ],
  ],
  [
    'the chain made anew, signed by a stranger',
    chain({ by: stranger, data: (seq) => (seq === 3 ? '"n":"forged"' : undefined) }).lines,
    [
      /^1: has a checkpoint that is signed by none/,
      /^6: has a checkpoint that is signed by none/,
      /^11: has/,
    ],
  ],
  [
    'a forged signature',
    changed(6, (line) => line.replace(/[^.]{4}"}$/, 'AAAA"}')),
    [/^6: has a checkpoint with a forged signature/],
  ],
  [
    'another workspace’s checkpoint',
    changed(6, () => checkpointLine(others)),
    [/^6: has a checkpoint of another workspace/],
  ],
  [
    'no signature at all',
    [
      header(0, zero, null, null),
      ...forged.lines.slice(1).filter((line) => !line.startsWith('{"checkpoint"')),
    ],
    [/^1: does not say how far/],
  ],
  [
    'the beginning',
    [header(2, whole.hashes[2]!, null, checkpoint(8, whole.hashes[8]!)), ...whole.lines.slice(3)],
    [/^1: begins behind event 2, and no checkpoint/],
  ],
  [
    'the beginning, with a checkpoint of another event',
    [
      header(5, whole.hashes[5]!, checkpoint(4, whole.hashes[4]!), checkpoint(8, whole.hashes[8]!)),
      ...whole.lines.slice(7),
    ],
    [/^1: has a checkpoint of another event than the one that it begins behind/],
  ],
  [
    'another workspace’s event',
    [
      header(0, zero, null, checkpoint(1, strangersHash)),
      eventLine(1, strangersHash, strangers),
      checkpointLine(checkpoint(1, strangersHash)),
    ],
    [/^2: event 1 is of another workspace/],
  ],
  ['nothing', [], [/^1: is not the first line/]],
])('changed: %s', async (_, lines, expected) => {
  const { code, faults } = await verify(lines)
  // What follows from the first fault may be more.
  expect([code, faults.slice(0, expected.length)]).toEqual([
    1,
    expected.map((one) => expect.stringMatching(one)),
  ])
})

test('what goes on where an earlier export ended; and one that was cut back, or made anew and signed', async () => {
  const earlier = await save([
    header(0, zero, null, checkpoint(4, whole.hashes[4]!)),
    ...whole.lines.slice(1, 6),
  ])
  const rest = [
    header(4, whole.hashes[4]!, checkpoint(4, whole.hashes[4]!), checkpoint(8, whole.hashes[8]!)),
    ...whole.lines.slice(6),
  ]
  for (const lines of [rest, whole.lines])
    expect(await verify(lines, '--earlier', earlier)).toMatchObject({ code: 0, faults: [] })
  // What lies between the two was left out, and may be where somebody changed something.
  const behind = [
    header(8, whole.hashes[8]!, checkpoint(8, whole.hashes[8]!), checkpoint(8, whole.hashes[8]!)),
  ]
  expect((await verify(behind)).code).toBe(0)
  const apart = await verify(behind, '--earlier', earlier)
  expect([apart.code, apart.faults]).toEqual([
    1,
    [expect.stringMatching(/^1: begins behind event 8, and .* knows the chain up to event 4 only/)],
  ])
  expect((await verify(behind, '--earlier', earlier, '--earlier', await save(whole.lines))).code).toBe(0)
  expect((await verify(forged.lines)).code).toBe(0)
  const anew = await verify(forged.lines, '--earlier', earlier)
  expect([anew.code, anew.faults]).toEqual([1, [expect.stringMatching(/^5: event 4 is another than in /)]])
  const back = await verify(
    [header(0, zero, null, checkpoint(4, whole.hashes[4]!)), ...whole.lines.slice(1, 6)],
    ...['--checkpoint', checkpoint(8, whole.hashes[8]!)],
  )
  expect([back.code, back.faults]).toEqual([
    1,
    [expect.stringMatching(/knows event 8: the chain was cut back/)],
  ])
})

test('what was signed long after it happened is told, and fails where that is asked for', async () => {
  const late = [
    header(0, zero, null, checkpoint(8, whole.hashes[8]!)),
    ...whole.lines.slice(1, 5),
    ...whole.lines.slice(6, 10),
    checkpointLine(checkpoint(8, whole.hashes[8]!, { at: begun + 7_200_000 })),
  ]
  const { code, report } = await verify(late)
  expect([code, report.late]).toEqual([0, { events: 8, first_line: 2, last_line: 9 }])
  expect((await verify(late, '--strict')).code).toBe(1)
  expect((await verify(whole.lines, '--strict')).code).toBe(0)
})

test('a file that is something else is not read to its end', async () => {
  const { code, faults } = await verify([whole.lines[0]!, ...Array(5000).fill('something else')])
  expect([code, faults.length]).toEqual([1, 1000])
})

test('without a key, a file or a checkpoint that is one, nothing is said to be right', async () => {
  const file = await save(whole.lines)
  const none = await runCli(['events', 'verify', file])
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/whose signatures are believed/)])
  expect((await runCli(['events', 'verify', file, '--key', 'AAAA'])).code).toBe(2)
  expect((await runCli(['events', 'verify', join(folder, 'nowhere'), '--key', key.x])).code).toBe(1)
  expect((await verify(whole.lines, '--checkpoint', 'a.b.c')).code).toBe(2)
})
