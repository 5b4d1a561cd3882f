import { randomBytes } from 'node:crypto'
import type { Answer } from './answer.ts'

/** Markup that is safe to put into a page. */
export type Html = { readonly html: string }

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Template tag: every value is escaped unless it is markup already; lists are joined. */
export const html = (parts: TemplateStringsArray, ...values: unknown[]): Html => ({
  html: parts.reduce((text, part, index) => text + markup(values[index - 1]) + part),
})

const markup = (value: unknown): string => {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(markup).join('')
  if (typeof value === 'object' && 'html' in value) return String(value.html)
  return String(value).replace(/[&<>"']/g, (character) => escapes[character]!)
}

/**
 * A page of the sandbox. There is no `form-action` in its policy: Chromium applies that to every redirect after the form, and the client's
 * own redirects cannot be known here.
 */
export const page = (status: number, title: string, body: Html, width: 'card' | 'wide' = 'card'): Answer => {
  const nonce = randomBytes(16).toString('base64')
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style nonce="${nonce}">${{ html: style }}</style>
</head>
<body class="${width}">
${body}
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: document.html,
  }
}

const style = `
:root { color-scheme: light dark; --ground: #f3f4f6; --card: #fff; --line: #d9dce1; --text: #1b1f24; --quiet: #59616b;
  --accent: #2456c7; --on-accent: #fff; --chosen: #eef3fe; --note: #fdf3d8; --note-text: #6a4b00; --note-line: #ecd9a0 }
@media (prefers-color-scheme: dark) { :root { --ground: #101316; --card: #191d22; --line: #333a42; --text: #e7eaee;
  --quiet: #a3acb7; --accent: #8db0ff; --on-accent: #0c1a3a; --chosen: #1e2a44; --note: #2c2513; --note-text: #f0d68c; --note-line: #4d4220 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/20px system-ui, -apple-system, "Segoe UI", sans-serif }
body.card { display: grid; min-height: 100vh; place-items: center; padding: 16px }
main { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden }
body.card main { width: 100%; max-width: 26rem }
body.wide main { max-width: 60rem; margin: 32px auto; width: calc(100% - 32px) }
.inner { padding: 24px }
.note { margin: 0; padding: 8px 24px; background: var(--note); color: var(--note-text); border-bottom: 1px solid var(--note-line);
  font-weight: 600; font-size: 13px; text-align: center; text-wrap: balance }
.inner > :last-child, form > :last-child { margin-bottom: 0 }
.marks { display: flex; align-items: center; justify-content: center; margin-bottom: 16px }
.mark { width: 40px; height: 40px; border: 1px solid var(--line); border-radius: 8px; display: grid; place-items: center; font-weight: 600; font-size: 18px }
.marks .line { width: 48px; border-top: 1px solid var(--line) }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 16px; text-wrap: balance; overflow-wrap: anywhere }
body.card h1 { text-align: center }
h2, legend { font-size: 14px; line-height: 20px; font-weight: 600; margin: 0 0 8px; padding: 0 }
body.wide h2 { font-size: 16px; margin-top: 32px }
fieldset { border: 0; margin: 0 0 16px; padding: 0; min-width: 0 }
.row { display: flex; gap: 12px; align-items: center; padding: 8px 12px; border: 1px solid var(--line); margin-top: -1px; cursor: pointer }
.row:first-of-type { border-radius: 8px 8px 0 0 } .row:last-of-type { border-radius: 0 0 8px 8px }
.row:has(:checked) { background: var(--chosen) }
.row span { min-width: 0; overflow-wrap: anywhere } .row small { display: block }
small, .quiet { color: var(--quiet); font-size: 13px; line-height: 18px }
input { accent-color: var(--accent); width: 16px; height: 16px; margin: 0; flex: none }
ul { margin: 0 0 16px; padding-left: 20px } li { margin: 4px 0; overflow-wrap: anywhere }
.check { display: flex; gap: 12px; padding: 4px 0; cursor: pointer; align-items: flex-start } .check input { margin-top: 2px }
.actions { display: flex; gap: 8px; margin: 24px 0 16px }
button { font: inherit; font-weight: 600; padding: 10px 16px; border-radius: 8px; border: 1px solid var(--line); background: transparent; color: var(--text); cursor: pointer }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); flex: 1 }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
code, pre { font: 13px/18px ui-monospace, "SFMono-Regular", Menlo, monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; padding: 12px; border: 1px solid var(--line); border-radius: 8px; overflow-wrap: normal }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; text-align: left }
th { color: var(--quiet); font-weight: 600 } th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 0 } dt { color: var(--quiet) } dd { margin: 0; min-width: 0 }
@media (max-width: 480px) { .inner { padding: 16px } dl { grid-template-columns: minmax(0, 1fr) } dd { margin-bottom: 8px } }
`
