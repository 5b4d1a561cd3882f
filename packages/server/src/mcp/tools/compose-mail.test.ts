import { expect, test } from 'vitest'
import { composeMail } from './compose-mail.ts'

const compose = async (mail: Parameters<typeof composeMail>[0]) =>
  Buffer.from(await composeMail(mail), 'base64url').toString('latin1')

test('subjects and names in any script are encoded words, bodies keep their bytes (RFC 2047, RFC 2045)', async () => {
  const mail = await compose({
    to: ['Ada Lövelace <ada@example.com>', 'bob@example.com'],
    bcc: ['carol@example.com'],
    subject: 'Grüße 👋 aus Köln — 日本語',
    text: 'Grüße\n.\nFrom here',
    in_reply_to: '<1@example.com>',
    references: '<0@example.com> <1@example.com>',
  })
  const [head = '', body = ''] = mail.split('\r\n\r\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes beyond ASCII are what is looked for
  expect(head).toMatch(/^[\x00-\x7f]*$/)
  expect(head).toMatch(/^Subject: =\?UTF-8\?/m)
  expect(head).toMatch(/^To: =\?UTF-8\?.*<ada@example\.com>, bob@example\.com$/m)
  expect(head).toMatch(/^Bcc: carol@example\.com$/m)
  expect(head).toMatch(/^In-Reply-To: <1@example\.com>$/m)
  expect(head).toMatch(/^References: <0@example\.com> <1@example\.com>$/m)
  expect(body).toContain('From here')
})

test('attachments go along by their names; text and HTML are alternatives', async () => {
  const content = Buffer.from('%PDF').toString('base64')
  const mail = await compose({
    to: ['ada@example.com'],
    text: 'plain',
    html: '<b>rich</b>',
    attachments: [{ filename: 'Rechnung ü.pdf', content_type: 'application/pdf', content }],
  })
  for (const part of ['multipart/mixed', 'multipart/alternative', 'text/html', 'application/pdf', content])
    expect(mail).toContain(part)
})

test.each([
  'ada',
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com, eve@example.com',
  'Ada <ada@example.com> eve@example.com',
])('%j is no address: nothing is composed', async (address) => {
  await expect(composeMail({ to: [address], text: 'x' })).rejects.toThrow(/is not a mail address/)
})

test('a header cannot be made out of a subject', async () => {
  const mail = await compose({ to: ['ada@example.com'], subject: 'x\r\nBcc: eve@example.com', text: 'x' })
  expect(mail).not.toMatch(/^Bcc:/m)
})

test('an attachment that is no base64, or a path or URL, is refused or taken as it is: nothing is read or fetched', async () => {
  await expect(
    composeMail({ to: ['a@b.example'], attachments: [{ filename: 'x', content: 'no base64!' }] }),
  ).rejects.toThrow(/not base64/)
})
