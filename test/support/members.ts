import { type Argon2, argon2id } from '../../packages/server/src/members/argon2.ts'
import type { TestGrantry } from './grantry.ts'

export type PageAnswer = {
  status: number
  headers: Headers
  text: string
  /** Where it redirects to; null for a page. */
  location: string | null
  /** Set-Cookie lines. */
  cookies: string[]
}

/** A browser without script: keeps cookies, says where its requests come from, follows no redirect by itself. */
export type TestBrowser = {
  jar: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<PageAnswer>
  /** Sends a form as a page of ours would. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<PageAnswer>
  /** Calls the API as the console would: by cookie, with the CSRF token where there is one. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>
}

export function openBrowser(grantry: Pick<TestGrantry, 'url'>): TestBrowser {
  const jar = new Map<string, string>()
  let csrf: string | null = null

  async function send(method: string, path: string, headers: Record<string, string>, body?: string) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(path.startsWith('http') ? path : `${grantry.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { 'user-agent': firefox, ...(cookie ? { cookie } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const cookies = response.headers.getSetCookie()
    // Each session has a token of its own.
    if (cookies.length > 0) csrf = null
    for (const line of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const location = response.headers.get('location')
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location,
      cookies,
    }
  }

  return {
    jar,
    get: (path, headers = {}) => send('GET', path, { 'sec-fetch-site': 'none', ...headers }),
    post: (path, fields, headers = {}) =>
      send(
        'POST',
        path,
        {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          origin: 'null',
          ...headers,
        },
        new URLSearchParams(fields).toString(),
      ),
    async api(method, path, body, headers = {}) {
      if (method !== 'GET' && csrf === null) {
        const session = await send('GET', '/api/v1/session', { 'sec-fetch-site': 'same-origin' })
        csrf = session.status === 200 ? JSON.parse(session.text).data.csrf : null
      }
      const answer = await send(
        method,
        `/api/v1${path}`,
        {
          'sec-fetch-site': 'same-origin',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'GET' ? {} : { origin: grantry.url, 'x-csrf-token': csrf ?? '' }),
          ...headers,
        },
        body === undefined ? undefined : JSON.stringify(body),
      )
      return { ...answer, body: answer.text === '' ? null : JSON.parse(answer.text) }
    },
  }
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** Good for everyone in the tests. */
export const goodPassword = 'three words in a row'

/** Makes a workspace with an owner who is signed in. */
export async function createOwned(grantry: TestGrantry, email: string, name = 'a workspace') {
  const made = await grantry.call('POST', '/api/v1/workspaces', { name }, { key: grantry.operatorKey })
  if (made.status !== 201) throw new Error(made.text)
  const { id, api_key, owner_link } = made.body.data as Record<string, string>
  const browser = openBrowser(grantry)
  const joined = await browser.post(owner_link!, { email, name: 'The Owner', password: goodPassword })
  if (joined.status !== 303) throw new Error(`the owner could not join: ${joined.status} ${joined.text}`)
  return { id: id!, key: api_key!, link: owner_link!, browser }
}

/** Invites somebody by an owner's browser and lets them join; their browser is signed in. */
export async function inviteAndJoin(
  grantry: TestGrantry,
  inviter: TestBrowser,
  person: { email: string; role: string },
) {
  const invited = await inviter.api('POST', '/invitations', person)
  if (invited.status !== 201) throw new Error(invited.text)
  const browser = openBrowser(grantry)
  const joined = await browser.post(invited.body.data.link, { name: person.role, password: goodPassword })
  if (joined.status !== 303) throw new Error(`could not join: ${joined.status} ${joined.text}`)
  const session = await browser.api('GET', '/session')
  return {
    browser,
    id: session.body.data.member.id as string,
    session: session.body.data.session.id as string,
  }
}

/** A member of the first workspace, who is signed in. */
export async function joinAs(grantry: TestGrantry, role: string): Promise<TestBrowser> {
  const invited = await grantry.call('POST', '/api/v1/invitations', { email: `${role}@example.com`, role })
  if (invited.status !== 201) throw new Error(invited.text)
  const browser = openBrowser(grantry)
  const joined = await browser.post(invited.body.data.link, { name: role, password: goodPassword })
  if (joined.status !== 303) throw new Error(`could not join: ${joined.status} ${joined.text}`)
  return browser
}

export async function signIn(
  browser: TestBrowser,
  email: string,
  password = goodPassword,
  more: Record<string, string> = {},
): Promise<PageAnswer> {
  return browser.post('/sign-in', { email, password, ...more })
}

/** Argon2id for a thousandth of its price, which counts how often it was asked. */
export function countedArgon2() {
  const asked: Parameters<Argon2>[0][] = []
  const argon2: Argon2 = (parameters) => {
    asked.push(parameters)
    return argon2id({ ...parameters, memory: 64, passes: 1 })
  }
  return { asked, argon2 }
}
