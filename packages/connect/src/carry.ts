/** How a page of this origin that a window returned to reaches the page that waits: never across origins. */
export const CHANNEL = 'grantry.connect'

export type Carried = { code: string }
/** Said at once by whoever waits, and when that code has ended its session. */
export type Heard = { heard?: string; finished?: string }

export function readCarried(data: unknown): string | null {
  const { code } = (data ?? {}) as Partial<Carried>
  return typeof code === 'string' ? code : null
}
