import { expect, test } from 'vitest'
import { decodeWords, headerOf, readMime, textOf, walkMime } from './gmail-mime.ts'

const read = (text: string) => readMime(Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'))

test.each([
  ['=?utf-8?B?R3LDvMOfZQ==?=', 'Grüße'],
  ['=?iso-8859-1?Q?Gr=FC=DFe_an_alle?=', 'Grüße an alle'],
  // The two words share the bytes of one character, and the space between them is none.
  ['=?utf-8?B?R3LD?= =?utf-8?B?vGU=?=', 'Grüe'],
  ['=?iso-8859-1?Q?=FC?= =?utf-8?B?w7w=?= plain', 'üü plain'],
  ['no words', 'no words'],
])('%s reads %s', (text, expected) => {
  expect(decodeWords(text)).toBe(expected)
})

test('parts in parts, with what is before and after them left out; each in its encoding', () => {
  const mail = read(`Subject: a
  long one
Content-Type: multipart/mixed; boundary="a b"

preamble
--a b
Content-Type: multipart/alternative; boundary=c

--c
Content-Transfer-Encoding: quoted-printable
Content-Type: text/plain; charset=iso-8859-1

gr=FC=DFe =
joined
--c
Content-Type: text/html

<p>x</p>
--c--

--a b
Content-Type: text/csv
Content-Disposition: attachment;
 filename*0*=utf-8''M%C3%A4rz%20;
 filename*1="2031.csv"
Content-Transfer-Encoding: base64

YSxi
Cg==
--a b--
epilogue`)
  expect(headerOf(mail.headers, 'subject')).toBe('a long one')
  expect(walkMime(mail).map(({ part, number }) => [number, part.type, part.filename, textOf(part)])).toEqual([
    ['', 'multipart/mixed', '', ''],
    ['0', 'multipart/alternative', '', ''],
    ['0.0', 'text/plain', '', 'grüße joined'],
    ['0.1', 'text/html', '', '<p>x</p>'],
    ['1', 'text/csv', 'März 2031.csv', 'a,b\n'],
  ])
})

test('what is no MIME is plain text', () => {
  expect([read('just words').type, textOf(read('To: a@b.example\n\nhello'))]).toEqual(['text/plain', 'hello'])
})
