import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import { type Answer, json, render } from './answer.ts'
import type { Call } from './calls.ts'
import { doesWork, type FaultPlan, planFaults } from './faults.ts'
import type { SandboxState } from './state.ts'

/**
 * Runs one call: the faults ordered for it, the work, the answer. It writes to the bare response, because much of what it must be able to
 * send is not HTTP that a framework would let out. The work goes on when the caller has gone away, as it would at a real provider.
 */
export const serve = async (
  state: Pick<SandboxState, 'clock' | 'faults' | 'closing'>,
  response: ServerResponse,
  call: Call,
  work: (plan: FaultPlan) => Answer | Promise<Answer>,
): Promise<void> => {
  const plan = planFaults(state.faults, call)
  call.faults = [...plan.delays, ...plan.spoilers, ...(plan.decisive ? [plan.decisive] : [])].map(
    ({ order }) => order.fault,
  )
  try {
    await holdBack(state, plan, false)
    let answer: Answer | null = null
    if (doesWork(plan)) answer = await work(plan)
    else call.outcome = 'not_done'
    await holdBack(state, plan, true)
    await send(state, response, call, plan, answer)
  } catch (error) {
    if (!state.closing.aborted) throw error
    response.destroy()
  }
}

const holdBack = async (
  state: Pick<SandboxState, 'faults' | 'closing'>,
  plan: FaultPlan,
  after: boolean,
): Promise<void> => {
  for (const { order } of plan.delays) {
    if ((order.after ?? false) !== after) continue
    if (order.fault === 'delay') await wait(order.ms, undefined, { signal: state.closing })
    if (order.fault === 'hold')
      await new Promise<void>((resolve, reject) => {
        state.faults.held.add(resolve)
        state.closing.addEventListener('abort', () => reject(state.closing.reason), { once: true })
      })
  }
}

const send = async (
  state: Pick<SandboxState, 'clock' | 'closing'>,
  response: ServerResponse,
  call: Call,
  plan: FaultPlan,
  answer: Answer | null,
): Promise<void> => {
  const write = (status: number, headers: Record<string, string>) => {
    call.status = status
    // Callers compare it with their own clock, so it is the sandbox's that may be moved.
    response.writeHead(status, { date: new Date(state.clock.now()).toUTCString(), ...headers })
  }
  const whole = (given: Answer) => {
    const { status, headers, bytes } = render(given)
    write(status, { ...headers, 'content-length': String(bytes.length) })
    response.end(bytes)
  }
  const order = plan.decisive?.order
  switch (order?.fault) {
    case undefined: {
      const utf16 = plan.spoilers.some((spoiler) => spoiler.order.fault === 'wrong_charset')
      return whole(utf16 ? inUtf16(answer!) : answer!)
    }
    case 'drop_before':
    case 'drop_after':
      response.destroy()
      return
    case 'status':
      return whole(
        json(
          order.status,
          order.body ?? {
            error: 'sandbox_fault',
            error_description: `The sandbox was told to answer ${order.status}.`,
          },
          order.retry_after === undefined ? {} : { 'retry-after': String(order.retry_after) },
        ),
      )
    case 'error':
    case 'error_in_200':
      return whole(
        json(order.fault === 'error' ? (order.status ?? 400) : 200, {
          error: order.error ?? 'server_error',
          error_description: order.error_description ?? 'The sandbox was told to answer this error.',
        }),
      )
    case 'html':
      return whole({
        status: order.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Please wait</title><h1>We will be right back</h1>',
      })
    case 'redirect':
      return whole({ status: order.status ?? 307, headers: { location: order.to }, body: undefined })
    case 'bad_json': {
      const full = answer ? render(answer).bytes.toString() : '{"access_token":"ya29.never_finished'
      return whole({
        status: 200,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: full.slice(0, Math.ceil(full.length / 2)),
      })
    }
    case 'huge_body':
      write(200, { 'content-type': 'application/json; charset=utf-8' })
      return quietly(pipeline(Readable.from(hugeJson(order.bytes)), response))
    case 'gzip_bomb':
      write(200, { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip' })
      return quietly(pipeline(Readable.from(hugeJson(order.bytes)), createGzip(), response))
    case 'slow_drip': {
      const { status, headers, bytes } = render(answer!)
      write(status, { ...headers, 'content-length': String(bytes.length) })
      for (const byte of bytes) {
        if (response.destroyed) return
        response.write(Buffer.of(byte))
        await wait(order.interval_ms ?? 1000, undefined, { signal: state.closing })
      }
      response.end()
      return
    }
    case 'endless_headers':
      return endlessHeaders(response)
    default:
      throw new Error(`fault ${order?.fault} does not decide an answer`)
  }
}

const inUtf16 = (answer: Answer): Answer => {
  const { status, bytes } = render(answer)
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-16le' },
    body: Buffer.from(bytes.toString(), 'utf16le'),
  }
}

function* hugeJson(bytes: number): Generator<Buffer> {
  const head = Buffer.from('{"access_token":"')
  const chunk = Buffer.alloc(64 * 1024, 'a')
  yield head
  for (let left = bytes - head.length - 2; left > 0; left -= chunk.length)
    yield left < chunk.length ? chunk.subarray(0, left) : chunk
  yield Buffer.from('"}')
}

/** The caller is expected to hang up in the middle. */
const quietly = (done: Promise<void>): Promise<void> => done.catch(() => undefined)

const endlessHeaders = async ({ socket }: ServerResponse): Promise<void> => {
  if (socket) await quietly(pipeline(Readable.from(headerLines()), socket))
}

function* headerLines(): Generator<string> {
  yield 'HTTP/1.1 200 OK\r\n'
  for (let n = 0; ; n += 1) yield `x-sandbox-${n}: ${'a'.repeat(1000)}\r\n`
}
