import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { basic, byRefresh, callApi, connect, connectGmail, urlsOf } from './client.fixture.ts'
import type { FaultAct, FaultOrder } from './faults.ts'
import { type Sandbox, startSandbox } from './start.ts'

let sandbox: Sandbox
let given: Awaited<ReturnType<typeof connect>>
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  sandbox.control.reset()
  given = await connect(sandbox, 'plain')
})

const order = (act: FaultAct, more: Partial<FaultOrder> = {}) =>
  sandbox.control.fault({ provider: 'plain', endpoint: 'token', ...act, ...more } as FaultOrder)

/** A refresh whose answer is looked at as it is. */
const send = (refreshToken = given.refresh_token, signal?: AbortSignal) =>
  fetch(urlsOf(sandbox, 'plain').token_url, {
    method: 'POST',
    redirect: 'manual',
    ...(signal ? { signal } : {}),
    headers: { authorization: basic(sandbox.clients.plain!) },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  })
const spoilt = async () => (await send()).json() as Promise<Record<string, unknown>>
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 10_000, interval: 2 })
const isSpent = () => !sandbox.control.token(given.refresh_token)!.live
const lastCall = () => sandbox.control.calls().at(-1)!

describe('before the work', () => {
  it.each<[FaultAct, number, RegExp]>([
    [{ fault: 'status', status: 500 }, 500, /sandbox_fault/],
    [{ fault: 'error', error: 'invalid_grant' }, 400, /"error":"invalid_grant"/],
    [{ fault: 'error', error: 'temporarily_unavailable', status: 503 }, 503, /temporarily_unavailable/],
    [{ fault: 'error_in_200', error: 'token_expired' }, 200, /"error":"token_expired"/],
    [{ fault: 'html' }, 200, /^<!doctype html>/],
    [{ fault: 'bad_json' }, 200, /^\{"access_token"[^}]*$/],
    [{ fault: 'redirect', to: 'http://localhost:9/elsewhere' }, 307, /^$/],
  ])('%j', async (act, status, body) => {
    order(act)
    const response = await send()
    expect(response.status).toBe(status)
    expect(await response.text()).toMatch(body)
    expect(isSpent()).toBe(false)
    expect(lastCall()).toMatchObject({ outcome: 'not_done', status, faults: [act.fault] })
    expect((await send()).status).toBe(200)
  })

  it('429 says when to come again, in seconds or as a date', async () => {
    order({ fault: 'status', status: 429, retry_after: 7 })
    order({ fault: 'status', status: 429, retry_after: 'Wed, 21 Oct 2026 07:28:00 GMT' })
    expect((await send()).headers.get('retry-after')).toBe('7')
    expect((await send()).headers.get('retry-after')).toBe('Wed, 21 Oct 2026 07:28:00 GMT')
  })

  it('redirect goes where it is told, with the status it is told', async () => {
    order({ fault: 'redirect', to: 'http://localhost:9/elsewhere', status: 302 })
    const response = await send()
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://localhost:9/elsewhere'])
  })

  it('drop_before hangs up and does nothing', async () => {
    order({ fault: 'drop_before' })
    await expect(send()).rejects.toThrow()
    expect(isSpent()).toBe(false)
    expect(lastCall()).toMatchObject({ outcome: 'not_done', status: null })
  })

  it('with `after` the same faults come when the work is done', async () => {
    order({ fault: 'status', status: 500 }, { after: true })
    expect((await send()).status).toBe(500)
    expect(isSpent()).toBe(true)
  })
})

describe('after the work', () => {
  it('drop_after rotates and hangs up', async () => {
    order({ fault: 'drop_after' })
    await expect(send()).rejects.toThrow()
    expect(isSpent()).toBe(true)
    expect(lastCall()).toMatchObject({ outcome: 'ok', status: null, faults: ['drop_after'] })
  })

  it('slow_drip gives the true answer byte by byte', async () => {
    order({ fault: 'slow_drip', interval_ms: 1 })
    const response = await send()
    const chunks: number[] = []
    for await (const chunk of response.body!) chunks.push(chunk.length)
    expect(chunks.length).toBeGreaterThan(5)
    expect(isSpent()).toBe(true)
  })

  it.each<[FaultAct, Record<string, unknown>]>([
    [{ fault: 'token_is_number' }, { access_token: 1234567890 }],
    [{ fault: 'token_with_crlf' }, { access_token: expect.stringMatching(/\r\nX-Injected: yes$/) }],
    [{ fault: 'wrong_token_type' }, { token_type: 'mac' }],
    [{ fault: 'expires_in', value: '-1e999' }, { expires_in: '-1e999' }],
    [{ fault: 'expires_in', value: null }, { expires_in: null }],
  ])('%j', async (act, expected) => {
    order(act)
    expect(await spoilt()).toMatchObject(expected)
  })

  it('missing_expires_in', async () => {
    order({ fault: 'missing_expires_in' })
    expect(await spoilt()).not.toHaveProperty('expires_in')
  })

  it('omit_refresh_token leaves the old one good', async () => {
    order({ fault: 'omit_refresh_token' })
    expect(await spoilt()).not.toHaveProperty('refresh_token')
    expect(isSpent()).toBe(false)
  })

  it('same_access_token renews the one that there was', async () => {
    sandbox.control.clock.advance(3000)
    order({ fault: 'same_access_token' })
    expect(await spoilt()).toMatchObject({ access_token: given.access_token, expires_in: 3600 })
    sandbox.control.clock.advance(3000)
    expect(sandbox.control.token(given.access_token)!.live).toBe(true)
  })

  it('wrong_charset is UTF-16', async () => {
    order({ fault: 'wrong_charset' })
    const response = await send()
    expect(response.headers.get('content-type')).toContain('utf-16')
    const text = Buffer.from(await response.arrayBuffer()).toString('utf16le')
    expect(JSON.parse(text)).toHaveProperty('access_token')
  })

  it('puts them where the provider has its fields, and takes several at once', async () => {
    const pipedrive = await connect(sandbox, 'pipedrive')
    order({ fault: 'token_is_number' }, { provider: 'pipedrive' })
    order({ fault: 'missing_expires_in' }, { provider: 'pipedrive' })
    const answer = await byRefresh(sandbox, 'pipedrive', pipedrive.refresh_token)
    expect(answer.body.access_token).toBe(1234567890)
    expect(answer.body).not.toHaveProperty('expires_in')
    expect(answer.body).toHaveProperty('api_domain')
  })
})

describe('too much', () => {
  it('huge_body streams as many bytes as it is told', async () => {
    order({ fault: 'huge_body', bytes: 3_000_001 })
    const body = Buffer.from(await (await send()).arrayBuffer())
    expect(body.length).toBe(3_000_001)
    expect(JSON.parse(body.toString())).toHaveProperty('access_token')
  })

  it('gzip_bomb is small on the wire', async () => {
    order({ fault: 'gzip_bomb', bytes: 5_000_000 })
    const wire = await rawRefresh((text) => text.endsWith('\r\n0\r\n\r\n'))
    expect(wire.length).toBeLessThan(50_000)
    const [head, ...rest] = wire.toString('latin1').split('\r\n\r\n')
    expect(head).toMatch(/content-encoding: gzip/i)
    expect(gunzipSync(unchunk(rest.join('\r\n\r\n'))).length).toBe(5_000_000)
  })

  it('endless_headers never come to an end', async () => {
    order({ fault: 'endless_headers' })
    const wire = await rawRefresh((text) => text.length > 300_000)
    expect(wire.toString('latin1')).not.toContain('\r\n\r\n')
    await expect(send().then((response) => response.status)).resolves.toBe(200)
  })

  it('a caller that hangs up in the middle does no harm', async () => {
    order({ fault: 'huge_body', bytes: 1e12 })
    const response = await send()
    await response.body!.cancel()
    expect((await send()).status).toBe(200)
  })

  /** Bytes of the answer until they are enough. */
  const rawRefresh = async (enough: (text: string) => boolean): Promise<Buffer> => {
    const url = new URL(urlsOf(sandbox, 'plain').token_url)
    const socket = connectSocket(Number(url.port), '127.0.0.1')
    await once(socket, 'connect')
    const body = `grant_type=refresh_token&refresh_token=${given.refresh_token}`
    socket.write(
      `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: ${basic(sandbox.clients.plain!)}\r\n` +
        `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    const chunks: Buffer[] = []
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer)
      if (enough(Buffer.concat(chunks).toString('latin1'))) break
    }
    return Buffer.concat(chunks)
  }

  const unchunk = (text: string): Buffer => {
    const parts: Buffer[] = []
    for (let at = 0; ; ) {
      const end = text.indexOf('\r\n', at)
      const size = Number.parseInt(text.slice(at, end), 16)
      if (!size) return Buffer.concat(parts)
      parts.push(Buffer.from(text.slice(end + 2, end + 2 + size), 'latin1'))
      at = end + 2 + size + 2
    }
  }
})

describe('waiting', () => {
  it('hold keeps a call until it is released, before the work or after it', async () => {
    for (const after of [false, true]) {
      const fresh = await connect(sandbox, 'plain')
      order({ fault: 'hold' }, { after })
      const answer = send(fresh.refresh_token)
      await until(() => sandbox.control.held() === 1)
      expect(sandbox.control.token(fresh.refresh_token)!.live).toBe(!after)
      expect(sandbox.control.release()).toBe(1)
      expect((await answer).status).toBe(200)
    }
  })

  it('delay waits as long as it is told', async () => {
    order({ fault: 'delay', ms: 50 })
    const before = performance.now()
    await send()
    // Timers may be early by a fraction of a millisecond.
    expect(performance.now() - before).toBeGreaterThan(48)
  })

  it('goes on when the caller has gone: the provider rotates all the same', async () => {
    order({ fault: 'hold' })
    const gone = new AbortController()
    const hungUp = expect(send(given.refresh_token, gone.signal)).rejects.toThrow()
    await until(() => sandbox.control.held() === 1)
    gone.abort()
    await hungUp
    sandbox.control.release()
    await until(isSpent)
  })

  it('counts how often one refresh token is in flight at once', async () => {
    const other = await connect(sandbox, 'plain')
    order({ fault: 'hold' }, { times: 3 })
    const answers = [send(), send(), send(other.refresh_token)]
    await until(() => sandbox.control.held() === 3)
    sandbox.control.release()
    await Promise.all(answers)
    const { peak_concurrent_refreshes: peak, peaks } = sandbox.control.stats()
    expect(peak).toBe(2)
    expect(Object.values(peaks).sort()).toEqual([1, 2])
  })

  it('does not outlive the sandbox: the process can end', async () => {
    const script = `
      import { startSandbox } from './start.ts'
      const sandbox = await startSandbox()
      sandbox.control.fault({ endpoint: 'authorize', fault: 'delay', ms: 3600000 })
      sandbox.control.fault({ endpoint: 'account', fault: 'hold' })
      const calls = ['/plain/authorize', '/plain/userinfo'].map((path) => fetch(sandbox.url + path).catch(() => 'hung up'))
      while (sandbox.control.calls().length < 2) await new Promise((resolve) => setImmediate(resolve))
      await sandbox.close()
      console.log(await Promise.all(calls))`
    const run = promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: import.meta.dirname,
      timeout: 15_000,
    })
    expect((await run).stdout).toContain("[ 'hung up', 'hung up' ]")
  }, 20_000)
})

describe('an order', () => {
  it('is for its endpoint, provider and grant type only, as many times as it says', async () => {
    const gmail = await connectGmail(sandbox)
    order({ fault: 'status', status: 500 }, { times: 2, when: { grant_type: 'refresh_token' } })
    expect((await byRefresh(sandbox, 'gmail', gmail.refresh_token)).status).toBe(200)
    expect(await connect(sandbox, 'plain')).toHaveProperty('access_token')
    expect((await callApi(sandbox, 'plain', '/echo', given.access_token)).status).toBe(200)
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([500, 500, 200])
  })

  it('waits for its turn behind an older one, and stays for ever when told', async () => {
    order({ fault: 'status', status: 503 })
    const id = order({ fault: 'status', status: 500 }, { times: 'forever' })
    expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([503, 500, 500])
    expect(sandbox.control.faults()).toMatchObject([{ id, left: 'forever', hits: 2 }])
    sandbox.control.clearFaults(id)
    expect((await send()).status).toBe(200)
  })

  it.each(['authorize', 'revoke', 'introspect', 'api', 'account'] as const)(
    'reaches the %s endpoint',
    async (endpoint) => {
      sandbox.control.fault({ endpoint, fault: 'status', status: 502 })
      const urls = urlsOf(sandbox, 'plain')
      const bearer = { headers: { authorization: `Bearer ${given.access_token}` } }
      const calls = {
        authorize: () => fetch(urls.authorization_url),
        revoke: () => fetch(urls.revocation!.url, { method: 'POST' }),
        introspect: () => fetch(urls.introspection!.url, { method: 'POST' }),
        api: () => fetch(`${urls.api!.base_url}/echo`, bearer),
        account: () => fetch(urls.account!.url, bearer),
      }
      expect((await calls[endpoint]()).status).toBe(502)
      expect((await calls[endpoint]()).status).not.toBe(502)
    },
  )
})
