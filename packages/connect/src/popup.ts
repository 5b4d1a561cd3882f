import type { Page, Popup } from './page.ts'

const width = 500
const height = 700

/**
 * A blank window, to be sent on when the session is there. It must be opened within the person's click, or the browser
 * blocks it; then this is null. A second click finds the first one's window by its name.
 */
export function openPopup(page: Page): Popup | null {
  const left = Math.round(page.screenX + (page.outerWidth - width) / 2)
  const top = Math.round(page.screenY + (page.outerHeight - height) / 2)
  const popup = page.open(
    '',
    'grantry_connect',
    `popup,width=${width},height=${height},left=${Math.max(0, left)},top=${Math.max(0, top)}`,
  )
  if (!popup || popup.closed) return null
  popup.focus()
  return popup
}

/**
 * `blank`: still ours. `away`: at a page of another origin. `gone`: closed, or out of reach, for a page that isolates
 * itself by Cross-Origin-Opener-Policy on either side makes a window look closed to its opener.
 */
export function whereIs(popup: Popup): 'blank' | 'away' | 'gone' {
  if (popup.closed) return 'gone'
  try {
    return popup.location.href === 'about:blank' ? 'blank' : 'away'
  } catch {
    return 'away'
  }
}
