import type { ToolStep } from '@grantry/providers'
import { expect, test } from 'vitest'
import { buildRequest } from './build-request.ts'
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
      { partId: '1', mimeType: 'text/plain', filename: 'notes.txt', body: { attachmentId: 'A1', size: 12 } },
    ],
  }
  expect(evaluate('mail_text(@)', payload)).toBe('Grüße')
  expect(evaluate('mail_attachments(@)', payload)).toEqual([
    {
      part_id: '1',
      filename: 'notes.txt',
      type: 'text/plain',
      charset: null,
      size: 12,
      attachment_id: 'A1',
    },
  ])
})

test('a mail in HTML alone is read as text; one in a charset that nobody knows is read as UTF-8', () => {
  const html =
    '<style>p{}</style><script>x()</script><p>Hello <a href="https://x.example/">here</a></p><img src="y">'
  expect(evaluate('mail_text(@)', { mimeType: 'text/html', body: { data: base64url(html) } })).toBe(
    'Hello here [https://x.example/]',
  )
  const blank = { mimeType: 'text/plain', body: { data: base64url(' \r\n') } }
  const rich = { mimeType: 'text/html', body: { data: base64url('<p>Hi</p>') } }
  expect(evaluate('mail_text(@)', { mimeType: 'multipart/alternative', parts: [blank, rich] })).toBe('Hi')
  expect(evaluate("base64url_text(@, 'x-unknown')", base64url('abc'))).toBe('abc')
  expect(evaluate('mail_text(@)', { mimeType: 'image/png' })).toBeNull()
})

test('headers are found whatever their case; texts are cut between characters', () => {
  expect(evaluate("header(@, 'subject')", [{ name: 'SUBJECT', value: 'Hi' }])).toBe('Hi')
  expect(evaluate("header(@, 'subject')", null)).toBeNull()
  expect(evaluate('cut(@, `2`)', '👋👋👋')).toBe('👋👋… (1 more characters)')
  expect(evaluate('cut(@, `3`)', '👋👋👋')).toBe('👋👋👋')
})

test.each([
  ['UTF-8 below an old header', 'Grüße', 'iso-8859-1', Buffer.from('Grüße')],
  ['its own charset', 'Grüße', 'iso-8859-1', Buffer.from('Grüße', 'latin1')],
  ['no charset', 'Grüße', null, Buffer.from('Grüße', 'latin1')],
  ['escapes to another script', 'あ', 'ISO-2022-JP', Buffer.from('\x1b$B$"\x1b(B', 'latin1')],
  ['UTF-8 below iso-2022-jp', 'あ', 'ISO-2022-JP', Buffer.from('あ')],
  ['two bytes each', 'Hi', 'utf-16le', Buffer.from('Hi', 'utf16le')],
  ['a byte order mark', 'Hi', null, Buffer.from('\ufeffHi', 'utf16le')],
])('bytes are read as text: %s', (_, text, charset, bytes) => {
  expect(evaluate('base64url_text(data, charset)', { data: bytes.toString('base64url'), charset })).toBe(text)
})

test('times in milliseconds are told in ISO 8601; what is no time is null', () => {
  expect(evaluate('iso_time(@)', '1772352000123')).toBe('2026-03-01T08:00:00Z')
  expect(evaluate('iso_time(@)', 1772352000000)).toBe('2026-03-01T08:00:00Z')
  expect([evaluate('iso_time(@)', null), evaluate('iso_time(@)', 'soon')]).toEqual([null, null])
})

test('the people of a header are told apart, names with commas too', () => {
  const header =
    '"Lovelace, Ada" <ada@example.com>, "bob@example.com" <bob@example.com>, Team: Carol <carol@example.com>;'
  expect(evaluate('mail_addresses(@)', header)).toEqual([
    '"Lovelace, Ada" <ada@example.com>',
    'bob@example.com',
    '"Carol" <carol@example.com>',
  ])
  expect(evaluate('mail_addresses(@)', null)).toEqual([])
})

test('nulls that are meant are sent, at every depth; others and a bare null are left out', async () => {
  const step: ToolStep = {
    method: 'PATCH',
    path: '/a',
    body: '{fields: keep_nulls(fields), other: other, none: keep_nulls(none)}',
  }
  const fields = { phone: null, name: 'Ada', more: { gone: null, list: [null, 1] } }
  const { body } = await buildRequest(step, { fields, other: { gone: null }, none: null })
  expect(JSON.parse(body!)).toEqual({ fields, other: {} })
})

test('an argument cannot pass for a null that is meant', async () => {
  const { body } = await buildRequest({ method: 'PATCH', path: '/a', body: '{x: x}' }, { x: {} })
  expect(body).toBe('{"x":{}}')
})

test('fields of one name are taken out at every depth', () => {
  const value: Json = { attributes: 1, a: [{ attributes: { b: 2 }, c: null }], d: { attributes: [] } }
  expect(evaluate("without(@, 'attributes')", value)).toEqual({ a: [{ c: null }], d: {} })
  expect(evaluate("without(none, 'attributes')", value)).toBeNull()
})
