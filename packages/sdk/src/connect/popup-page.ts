import { createHash } from 'node:crypto'
import { type Answer, html } from './http.ts'

export type Message =
  | { type: 'oauth_success'; connectionId: string; provider: string | null }
  | { type: 'oauth_error'; error: string; errorDescription: string | null }

/** Tells the page that opened the popup, which is of the same origin, and closes; without one it goes on by itself. */
const script = `
var data = JSON.parse(document.getElementById('outcome').textContent)
if (window.opener && window.opener !== window && !window.opener.closed) {
  window.opener.postMessage(data.message, location.origin)
  window.close()
} else location.replace(data.next)
`
const hash = createHash('sha256').update(script).digest('base64')

export function popupPage(message: Message, next: string, cookie: string): Answer {
  const data = JSON.stringify({ message, next }).replaceAll('<', '\\u003c')
  const said = message.type === 'oauth_success' ? 'Connected' : 'Not connected'
  return html(
    200,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${said}</title>
<p>${said}. You can close this window.</p>
<p><a href="${escaped(next)}">Continue</a></p>
<script type="application/json" id="outcome">${data}</script>
<script>${script}</script>
</html>`,
    {
      'set-cookie': cookie,
      'content-security-policy': `default-src 'none'; script-src 'sha256-${hash}'; frame-ancestors 'none'`,
    },
  )
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
