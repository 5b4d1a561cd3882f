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

test('headers are found whatever their case', () => {
  expect(evaluate("header(@, 'subject')", [{ name: 'SUBJECT', value: 'Hi' }])).toBe('Hi')
  expect(evaluate("header(@, 'subject')", null)).toBeNull()
})
