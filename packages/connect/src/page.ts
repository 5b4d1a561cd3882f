/** What the library uses of a window: the browser's, or one that a test plays. */
export type Page = {
  open(url: string, name: string, features: string): Popup | null
  screenX: number
  screenY: number
  outerWidth: number
  outerHeight: number
  location: { href: string; assign(url: string): void }
  history: { state: unknown; replaceState(state: unknown, unused: string, url: string): void }
  document: { hasFocus(): boolean }
  sessionStorage: {
    getItem(key: string): string | null
    setItem(key: string, value: string): void
    removeItem(key: string): void
  }
  addEventListener(type: 'message', listener: (event: Message) => void): void
  removeEventListener(type: 'message', listener: (event: Message) => void): void
  BroadcastChannel: new (name: string) => Channel
  fetch(url: string, init: RequestInit): Promise<Pick<Response, 'ok' | 'status' | 'json'>>
  setTimeout(done: () => void, ms: number): unknown
  close(): void
}

export type Popup = {
  closed: boolean
  close(): void
  focus(): void
  /** Throws while a page of another origin is there. */
  location: { href: string; replace(url: string): void }
  postMessage(message: unknown, origin: string): void
}

export type Message = { origin: string; source: unknown; data: unknown }

export type Channel = {
  onmessage: ((event: { data: unknown }) => void) | null
  postMessage(message: unknown): void
  close(): void
}

export const pause = (page: Pick<Page, 'setTimeout'>, ms: number): Promise<void> =>
  new Promise((resolve) => void page.setTimeout(resolve, ms))
