import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Language } from '../languages/language.ts'
import type { Brand } from './brand.ts'
import { brandColors } from './brand-colors.ts'
import { type Html, html, ownSource, render } from './html.ts'

export type Page = {
  title: string
  body: Html
  /** Source of a script of ours; it runs by nonce, and every page must make sense without it. */
  script?: string
  /**
   * The form's answer may lead away from us, wherever. Browsers hold `form-action` against every redirect that follows
   * a form, also those of servers that are not ours, so that no list of origins would do.
   */
  formLeaves?: boolean
  status?: number
  /** What it is written in; English where nothing is said. */
  language?: Language
  /** Of the workspace that it is about. */
  brand?: Brand | null
}

/** Answers with a page; see `composePage`. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  const { status, headers, text } = composePage(page)
  return reply
    .status(status)
    .headers(headers)
    .serializer((html: string) => html)
    .send(text)
}

/**
 * One small page: one card, no outside resource, not frameable, told to nobody by referrer, kept in no cache. The opener
 * is left alone (no Cross-Origin-Opener-Policy), for a popup must reach the page that opened it.
 */
export function composePage({
  title,
  body,
  script,
  formLeaves = false,
  status = 200,
  language = 'en',
  brand = null,
}: Page): {
  status: number
  headers: Record<string, string>
  text: string
} {
  const nonce = randomBytes(16).toString('base64')
  const csp = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data:',
    ...(formLeaves ? [] : ["form-action 'self'"]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    status,
    headers: {
      'content-security-policy': csp.join('; '),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
    },
    text: render(html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style nonce="${nonce}">${ownSource(style)}${brand?.color && ownSource(colorStyle(brand.color))}</style>
</head>
<body><main>${body}</main>
${script && html`<script nonce="${nonce}">${ownSource(script)}</script>`}
</body>
</html>
`),
  }
}

/** Written from numbers that were read from the setting, never with its text. */
function colorStyle(color: string): string {
  const { button, onButton, light, dark } = brandColors(color)
  return `:root{--accent:${light};--button:${button};--on-button:${onButton}}
@media (prefers-color-scheme:dark){:root{--accent:${dark}}}
`
}

const style = `
:root{--ground:#f4f5f7;--card:#fff;--line:#d9dce3;--text:#1b1f27;--quiet:#5a6270;--edge:#7d8594;--accent:#2f5bd7;--button:#2f5bd7;--on-button:#fff;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#101318;--card:#191d24;--line:#343b47;--text:#e8eaee;--quiet:#a3abb8;--edge:#7a8495;--accent:#8fb0ff;--button:#8fb0ff;--on-button:#0d1530;--bad:#ff9d94}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--ground);color:var(--text);font:16px/24px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:26rem;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:32px 24px}
h1{font-size:20px;line-height:28px;font-weight:600;margin:0 0 8px;text-align:center;text-wrap:balance;overflow-wrap:anywhere}
:lang(ja){word-break:auto-phrase}
p{margin:8px 0;overflow-wrap:anywhere}
ul{margin:8px 0 16px;padding-left:20px}
li{margin:4px 0;overflow-wrap:anywhere}
.pair{display:flex;align-items:center;justify-content:center;margin:0 0 24px}
.pair span{width:48px;height:48px;border-radius:8px;display:grid;place-items:center;font-size:20px;font-weight:600;border:1px solid var(--line);background:var(--ground)}
.pair .logo{overflow:hidden;background:#fff}
.pair img{display:block;width:46px;height:46px;padding:3px;object-fit:contain}
.pair i{width:40px;border-top:1px solid var(--line)}
.mark{width:48px;height:48px;border-radius:24px;display:grid;place-items:center;margin:0 auto 24px;font-size:24px;border:1px solid currentColor;color:var(--accent)}
.mark.bad{color:var(--bad)}
.lead{text-align:center}
progress{display:block;width:100%;height:4px;margin:16px 0;accent-color:var(--accent)}
.actions{display:grid;grid-template-columns:minmax(0,1fr);gap:8px;margin:24px 0 0}
button,.button{font:inherit;font-weight:600;min-height:44px;padding:10px 16px;border-radius:8px;border:1px solid var(--accent);background:var(--button);color:var(--on-button);cursor:pointer;text-align:center;text-decoration:none;display:block;width:100%;overflow-wrap:anywhere}
label{display:block;margin:16px 0 4px;font-weight:600}
input:not([type=hidden]){font:inherit;width:100%;min-height:44px;padding:8px 12px;border-radius:8px;border:1px solid var(--edge);background:var(--ground);color:var(--text)}
input[readonly]{color:var(--quiet)}
input[aria-invalid=true]{border-color:var(--bad)}
fieldset{min-width:0;border:1px solid var(--line);border-radius:8px;margin:16px 0;padding:8px 16px}
legend{overflow-wrap:anywhere;padding:0 4px;font-weight:600}
.check{display:flex;align-items:flex-start;gap:12px;margin:0;padding:10px 0;min-height:44px;font-weight:400;overflow-wrap:anywhere}
.check input:not([type=hidden]){flex:none;width:20px;min-height:0;height:20px;margin:2px 0 0;padding:0;accent-color:var(--accent)}
.check small{color:var(--quiet)}
.notice{padding:8px 12px;border:1px solid var(--edge);border-left:4px solid var(--accent);border-radius:8px;font-size:14px;line-height:20px}
code.big{font-size:24px;line-height:32px;letter-spacing:2px}
.hint{margin:4px 0 0}
.fault{margin:16px 0 0;padding:8px 12px;border:1px solid var(--bad);border-radius:8px;color:var(--bad)}
.or{display:flex;align-items:center;gap:12px;margin:24px 0 0;color:var(--quiet);font-size:14px;line-height:20px}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
button.other,.button.other{background:none;border-color:var(--edge);color:var(--text)}
button.quiet{background:none;border-color:transparent;color:var(--quiet);font-weight:400}
button:focus-visible,a:focus-visible,input:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
section{border-top:1px solid var(--line);margin:24px 0 0;padding:16px 0 0}
h2{font-size:16px;line-height:24px;font-weight:600;margin:0;overflow-wrap:anywhere}
.picks{list-style:none;margin:24px 0 0;padding:0;display:grid;grid-template-columns:minmax(0,1fr);gap:8px}
.picks li{margin:0}
.row{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0 0}
.row>*{flex:1 1 9rem;min-width:0;display:grid}
.row .button{align-content:center}
.small{font-size:14px;line-height:20px;color:var(--quiet)}
code{font:13px/20px ui-monospace,SFMono-Regular,Menlo,monospace;overflow-wrap:anywhere}
`
