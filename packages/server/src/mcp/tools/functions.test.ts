import { expect, test } from 'vitest'
import { evaluate, type Json } from './evaluate.ts'

const base64url = (text: string, encoding: BufferEncoding = 'utf8') =>
  Buffer.from(text, encoding).toString('base64url')

test('a mail is read out of its tree: plain text first, each part in its own charset, files by name', () => {
  const payload: Json = {
    mimeType: 'multipart/mixed',
    parts: [
      {
        mimeType: 'multipart/alternative',
        parts: [
          {
            mimeType: 'text/plain',
            headers: [{ name: 'Content-Type', value: 'text/plain; charset="iso-8859-1"' }],
            body: { data: base64url('Grüße', 'latin1') },
          },
          { mimeType: 'text/html', body: { data: base64url('<p>Grüße</p>') } },
        ],
      },
      { mimeType: 'text/plain', filename: 'notes.txt', body: { attachmentId: 'A1', size: 12 } },
    ],
  }
  expect(evaluate('mail_text(@)', payload)).toBe('Grüße')
  expect(evaluate('mail_attachments(@)', payload)).toEqual([
    { filename: 'notes.txt', type: 'text/plain', size: 12, attachment_id: 'A1' },
  ])
})

test('a mail in HTML alone is read as text; one in a charset that nobody knows is read as UTF-8', () => {
  const html =
    '<style>p{}</style><script>x()</script><p>Hello <a href="https://x.example/">here</a></p><img src="y">'
  expect(evaluate('mail_text(@)', { mimeType: 'text/html', body: { data: base64url(html) } })).toBe(
    'Hello here [https://x.example/]',
  )
  expect(evaluate("base64url_text(@, 'x-unknown')", base64url('abc'))).toBe('abc')
  expect(evaluate('mail_text(@)', { mimeType: 'image/png' })).toBeNull()
})

test('headers are found whatever their case; texts are cut between characters', () => {
  expect(evaluate("header(@, 'subject')", [{ name: 'SUBJECT', value: 'Hi' }])).toBe('Hi')
  expect(evaluate("header(@, 'subject')", null)).toBeNull()
  expect(evaluate('cut(@, `2`)', '👋👋👋')).toBe('👋👋… (1 more characters)')
  expect(evaluate('cut(@, `3`)', '👋👋👋')).toBe('👋👋👋')
})
