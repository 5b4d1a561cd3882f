import type { Channel, Message, Page, Popup } from './page.ts'
import type { ConnectSession } from './session.ts'

export const grantry = 'https://grantry.example'
export const session: ConnectSession = {
  id: 'cs_1',
  connect_url: `${grantry}/connect/gst_link`,
  connect_token: 'gct_token',
  provider_name: 'Gmail',
}

type Answer = { status: number; body: unknown } | Error
type Asked = { url: string; method: string; authorization: string | undefined; body: unknown }

/** Of time: what a turn of the event loop stands for. */
const turnMs = 200

/** Turns of the event loop, one by one. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate)
}

/** A window without a browser: its time passes by turns of the event loop, and each is the test's to play. */
export function playPage({ blocked = false, focused = true } = {}) {
  const channels = new Map<string, Set<Channel>>()
  const listeners = new Set<(event: Message) => void>()
  const kept = new Map<string, string>()
  const asked: Asked[] = []
  const went: string[] = []
  const told: { message: unknown; origin: string }[] = []
  const popup: Popup & { at: 'blank' | 'away'; features: string } = {
    at: 'blank',
    features: '',
    closed: false,
    close() {
      popup.closed = true
    },
    focus() {},
    location: {
      get href() {
        if (popup.at === 'blank') return 'about:blank'
        throw new Error('another origin')
      },
      replace(url: string) {
        went.push(url)
      },
    },
    postMessage: (message: unknown, origin: string) => void told.push({ message, origin }),
  }
  const played = {
    popup,
    asked,
    went,
    told,
    kept,
    closed: false,
    /** What Grantry or the app's server answers; an error is a network without an answer. */
    answer: (_asked: Asked): Answer | Promise<Answer> => status('started'),
    /** Called at every turn of time, with its number. */
    turn: (_turn: number): void => {},
    say: (message: Partial<Message>) => {
      for (const listener of listeners) listener({ origin: grantry, source: popup, data: null, ...message })
    },
    listening: () => listeners.size + [...channels.values()].reduce((all, set) => all + set.size, 0),
    page: {} as Page,
  }
  let passed = 0
  played.page = {
    open: (_url, _name, features) => {
      popup.features = features
      return blocked ? null : popup
    },
    ...{ screenX: 100, screenY: 0, outerWidth: 1000, outerHeight: 800 },
    location: { href: 'https://app.example/settings', assign: (url) => void went.push(`this ${url}`) },
    history: {
      state: null,
      replaceState(_state, _unused, url) {
        played.page.location.href = url
      },
    },
    document: { hasFocus: () => focused },
    sessionStorage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
    BroadcastChannel: class implements Channel {
      onmessage: Channel['onmessage'] = null
      readonly #peers: Set<Channel>
      constructor(name: string) {
        this.#peers = channels.get(name) ?? new Set()
        channels.set(name, this.#peers.add(this))
      }
      postMessage(data: unknown) {
        for (const peer of this.#peers) if (peer !== this) peer.onmessage?.({ data })
      }
      close() {
        this.#peers.delete(this)
      }
    },
    async fetch(url, { method = 'GET', headers = {}, body }) {
      const { authorization } = headers as Record<string, string>
      const one = { url, method, authorization, body: body ? JSON.parse(String(body)) : undefined }
      asked.push(one)
      const answer = await played.answer(one)
      if (answer instanceof Error) throw answer
      return { ok: answer.status < 400, status: answer.status, json: async () => answer.body }
    },
    setTimeout: (done, ms) =>
      void turns(Math.ceil(ms / turnMs)).then(() => {
        // A test that would wait for ever fails by its own time instead.
        if (passed < 100_000) played.turn(++passed)
        done()
      }),
    close() {
      played.closed = true
    },
  }
  return played
}

/** The session's status as Grantry answers it. */
export const status = (name: string, more: Record<string, unknown> = {}) => ({
  status: 200,
  body: {
    data: {
      ...{ id: session.id, status: name, binding: 'confirm', provider_name: 'Gmail' },
      ...{ error: null, error_description: null, connection_id: null },
      ...more,
    },
  },
})

export const refused = (httpStatus: number, code: string, detail = 'why') => ({
  status: httpStatus,
  body: { code, detail },
})
