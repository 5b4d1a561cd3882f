import { hash } from 'node:crypto'
import { type Checkpoint, type Keys, openCheckpoint } from './open-checkpoint.ts'

export type Fault = {
  /** Of the file, from 1. */
  line: number
  what: string
}

/** What is known from elsewhere: the hash that an event had then. */
export type Pin = { seq: number; hash: string; from: string }

export type ChainReport = {
  workspace_id: string | null
  events: number
  first_seq: number | null
  last_seq: number | null
  last_hash: string | null
  /** The newest checkpoint whose signature is good. */
  signed: Checkpoint | null
  /** In the order of the file, a thousand at most; none where all is as it was written. */
  faults: Fault[]
  /** Events whose first signature came long after they happened. */
  late: { events: number; first_line: number; last_line: number } | null
}

export type ChainOptions = { keys: Keys; pins?: readonly Pin[] }

/** As in an export: an event, of which the hash is taken letter by letter, is the rest of its line. */
const eventLine = /^\{"seq":(\d{1,16}),"hash":"([0-9a-f]{64})","event":(\{.*\})\}$/
const goneLine = /^\{"seq":(\d{1,16}),"hash":"([0-9a-f]{64})","missing":"(evt_[0-9a-z]{26})"\}$/

/** A checkpoint is signed within minutes of what it covers. */
const lateMs = 3_600_000

/** Of a file that is none there is one in each line. */
const mostFaults = 1000

type Gap = { from: number; to: number; fault: Fault; found: number }

/**
 * Checks an export of a workspace's chain of events, line by line, with nothing but what was given: each hash, the order,
 * that nothing is missing, added or cut off, each signature, and that it is the chain that is known from earlier.
 * @param lines without their line breaks
 */
export async function checkChain(
  lines: AsyncIterable<string>,
  { keys, pins = [] }: ChainOptions,
): Promise<ChainReport> {
  const faults: Fault[] = []
  const fault = (line: number, what: string): Fault => {
    const one = { line, what }
    faults.push(one)
    return one
  }
  const report: ChainReport = {
    workspace_id: null,
    events: 0,
    first_seq: null,
    last_seq: null,
    last_hash: null,
    signed: null,
    faults,
    late: null,
  }
  const pinned = new Map<number, Pin[]>()
  for (const pin of pins) pinned.set(pin.seq, [...(pinned.get(pin.seq) ?? []), pin])

  let number = 0
  let through: Checkpoint | null = null
  let seq = 0
  /** Of event `seq`; null where it is not known, behind what is missing. */
  let before: string | null = null
  const gaps: Gap[] = []
  let unsigned: { line: number; at: number }[] = []

  for await (const line of lines) {
    number++
    if (number === 1) readHeader(line)
    else if (line === '') fault(number, 'is empty, and does not belong here')
    else readLine(line)
    if (faults.length >= mostFaults) break
  }
  if (faults.length < mostFaults) judgeEnd()
  for (const { from, to, fault, found } of gaps)
    if (found === to - from + 1) faults.splice(faults.indexOf(fault), 1)
  return report

  function readHeader(text: string): void {
    const header = toHeader(text)
    if (!header) {
      fault(1, 'is not the first line of an export of a chain: grantry events export makes one')
      return
    }
    report.workspace_id = header.workspace_id
    seq = header.after.seq
    before = header.after.hash
    if (seq === 0 && before !== noHash) fault(1, 'says another beginning than a chain has')
    if (header.after.checkpoint !== null) {
      const says = open(header.after.checkpoint)
      if (says && (says.seq !== seq || says.hash !== before))
        fault(1, 'has a checkpoint of another event than the one that it begins behind')
    } else if (seq > 0 && !pinned.has(seq))
      fault(1, `begins behind event ${seq}, and no checkpoint says what that was`)
    comparePins(seq, before)
    const last = pins.toSorted((one, other) => one.seq - other.seq).at(-1)
    if (last && last.seq < seq)
      fault(
        1,
        `begins behind event ${seq}, and ${last.from} knows the chain up to event ${last.seq} only: what lies between is in neither`,
      )
    if (header.through !== null) through = open(header.through)
  }

  function readLine(text: string): void {
    const [, written, stated, event] = eventLine.exec(text) ?? []
    if (written !== undefined) {
      readEvent(Number(written), stated!, event!)
      return
    }
    const [, gone, was, id] = goneLine.exec(text) ?? []
    if (gone !== undefined) {
      if (place(Number(gone), was!)) before = was!
      fault(number, `event ${gone} (${id}) was deleted from the log`)
      return
    }
    const checkpoint = toCheckpoint(text)
    if (checkpoint !== null) readCheckpoint(checkpoint)
    else fault(number, 'is no line of an export: it was changed or added')
  }

  function readEvent(at: number, stated: string, text: string): void {
    const known = before
    if (!place(at, stated)) return
    if (gapBefore(at)) {
      // What its hash was made with is missing, so the next line tells whether it is right.
      before = stated
    } else if (hash('sha256', `${known}\n${at}\n${text}`, 'hex') !== stated) {
      fault(number, `event ${at} was changed: it is not what its hash was made of`)
    }
    before = stated
    const facts = toFacts(text)
    if (facts.workspace !== report.workspace_id) fault(number, `event ${at} is of another workspace`)
    if (facts.at !== null) unsigned.push({ line: number, at: facts.at })
  }

  /** @returns whether it stands where it may: behind the event before, or behind a gap */
  function place(at: number, stated: string): boolean {
    if (at <= seq) {
      const gap = gaps.find(({ from, to }) => at >= from && at <= to)
      if (gap) gap.found++
      fault(number, gap ? `event ${at} is out of its place` : `event ${at} was added: there is one already`)
      return false
    }
    if (at > seq + 1) {
      const [from, to] = [seq + 1, at - 1]
      const what = from === to ? `event ${from} is missing` : `events ${from} to ${to} are missing`
      gaps.push({ from, to, fault: fault(number, `${what} before event ${at}`), found: 0 })
    }
    seq = at
    report.events++
    report.first_seq ??= at
    report.last_seq = at
    report.last_hash = stated
    comparePins(at, stated)
    return true
  }

  function gapBefore(at: number): boolean {
    return gaps.at(-1)?.to === at - 1
  }

  function readCheckpoint(jws: string): void {
    const says = open(jws)
    if (!says) return
    if (says.seq !== seq)
      fault(number, `is a checkpoint of event ${says.seq}, and stands behind event ${seq}`)
    else if (says.hash !== before)
      fault(
        number,
        `the signed checkpoint of event ${seq} has another hash: the chain before it is not the one that was signed`,
      )
    else {
      report.signed = says
      const signed = Date.parse(says.at)
      for (const { line, at } of unsigned)
        if (signed - at > lateMs)
          report.late = {
            events: (report.late?.events ?? 0) + 1,
            first_line: report.late?.first_line ?? line,
            last_line: line,
          }
      unsigned = []
    }
  }

  /** @returns what it says, where its signature is good and it is of this workspace */
  function open(jws: string): Checkpoint | null {
    const opened = openCheckpoint(jws, keys)
    if (typeof opened === 'string') {
      fault(number, opened)
      return null
    }
    if (opened.workspace_id === report.workspace_id) return opened
    fault(number, `has a checkpoint of another workspace, ${opened.workspace_id}`)
    return null
  }

  function comparePins(at: number, stated: string | null): void {
    for (const { hash, from } of pinned.get(at) ?? [])
      if (hash !== stated) fault(number, `event ${at} is another than in ${from}`)
  }

  function judgeEnd(): void {
    if (number === 0) fault(1, 'is missing: the file is empty')
    if (through && through.seq > seq)
      fault(
        number,
        `is the last one, with event ${seq}, but the export went to event ${through.seq}: its end was cut off`,
      )
    else if (through && (through.seq < seq || through.hash !== before))
      fault(number, `is not where the export ended, which was at event ${through.seq}`)
    else if (!through && seq > 0 && report.events > 0 && faults.length === 0)
      fault(1, 'does not say how far the export goes')
    if (report.workspace_id === null) return
    for (const { seq: at, from } of pins)
      if (at > seq)
        fault(
          number,
          `is the last one, with event ${seq}, but ${from} knows event ${at}: the chain was cut back`,
        )
  }
}

const noHash = '0'.repeat(64)

type Header = {
  workspace_id: string
  after: { seq: number; hash: string; checkpoint: string | null }
  through: string | null
}

function toHeader(text: string): Header | null {
  const value = parse(text) as (Header & { grantry_audit_chain?: unknown }) | null
  const isOne =
    value?.grantry_audit_chain === 1 &&
    typeof value.workspace_id === 'string' &&
    Number.isSafeInteger(value.after?.seq) &&
    typeof value.after.hash === 'string' &&
    (value.after.checkpoint === null || typeof value.after.checkpoint === 'string') &&
    (value.through === null || typeof value.through === 'string')
  return isOne ? value : null
}

function toCheckpoint(text: string): string | null {
  const value = parse(text) as { checkpoint?: unknown } | null
  return typeof value?.checkpoint === 'string' && Object.keys(value).length === 1 ? value.checkpoint : null
}

function toFacts(text: string): { workspace: unknown; at: number | null } {
  const value = parse(text) as { workspace_id?: unknown; at?: unknown } | null
  const at = Date.parse(String(value?.at))
  return { workspace: value?.workspace_id, at: Number.isNaN(at) ? null : at }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
