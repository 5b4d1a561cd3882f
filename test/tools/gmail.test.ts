import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let gmail: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  gmail = await connectTools('gmail')
})
afterAll(() => gmail?.close())
beforeEach(async () => {
  gmail.sandbox.control.reset()
  await gmail.connect()
})

const search = async (args: Parameters<typeof gmail.value>[1]) =>
  (await gmail.value('search_messages', args)).messages
const subjects = async (args: Parameters<typeof gmail.value>[1]) =>
  (await search(args)).map(({ subject }: { subject: string }) => subject)
const idOf = async (query: string): Promise<string> => (await search({ query }))[0].message_id
const outbox = () => gmail.sandbox.control.outbox() as { detail: Record<string, unknown> }[]

describe('search_messages', () => {
  test('tells who, what, when and how it begins; one message is a list of one, none an empty one', async () => {
    expect(await gmail.value('search_messages', { query: 'invoice' })).toEqual({
      messages: [
        {
          message_id: expect.stringMatching(/^[0-9a-f]{15}$/),
          thread_id: expect.stringMatching(/^[0-9a-f]{15}$/),
          from: 'Grace Hopper <grace@example.com>',
          to: 'Ada Lovelace <ada@example.com>',
          subject: 'Invoice 2041',
          date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          unread: true,
          label_ids: ['INBOX', 'UNREAD'],
          snippet: 'Please find the sum of 120.00 EUR enclosed. Payable within 30 days.',
        },
      ],
    })
    expect(await gmail.value('search_messages', { query: 'nothing-like-this' })).toEqual({ messages: [] })
  })

  test('goes on where it stopped', async () => {
    const first = await gmail.value('search_messages', { limit: 3 })
    expect(first.messages).toHaveLength(3)
    const page_token = first.next_page_token
    const rest = await gmail.value('search_messages', { limit: 3, page_token })
    expect([rest.messages.length, rest.next_page_token]).toEqual([1, undefined])
  })

  test.each([
    ['grüße zürich ☀', ['Re: Grüße aus Zürich ☀']],
    ['"taped into the logbook"', ['A moth in relay 70']],
    ['is:unread -invoice', ['Notes on the engine']],
    ['has:attachment', ['A moth in relay 70']],
    ['subject:invoice OR is:starred', ['Invoice 2041', 'Re: Grüße aus Zürich ☀']],
    ['newer_than:1d', ['Notes on the engine']],
    ['-in:inbox', []],
  ])('as the search box: %s', async (query, found) => {
    expect(await subjects({ query })).toEqual(found)
  })

  test('by labels, and past spam and trash only where asked', async () => {
    expect(await subjects({ label_ids: ['INBOX', 'STARRED'] })).toEqual(['Re: Grüße aus Zürich ☀'])
    const message_ids = [await idOf('invoice')]
    await gmail.value('modify_labels', { message_ids, add_label_ids: ['TRASH'] })
    expect(await subjects({ query: 'invoice' })).toEqual([])
    expect(await subjects({ query: 'invoice', include_spam_and_trash: true })).toEqual(['Invoice 2041'])
  })
})

describe('reading', () => {
  test('a message with files: its plain text, and what goes along', async () => {
    const message_id = await idOf('moth')
    expect(await gmail.value('read_message', { message_id })).toMatchObject({
      message_id,
      from: 'Linus Pauling <linus@example.com>',
      subject: 'A moth in relay 70',
      unread: false,
      text: 'It is taped into the logbook. The machine runs again.',
      attachments: [
        { attachment_id: '1', filename: 'logbook.csv', type: 'text/csv', size: 77 },
        { attachment_id: '2', filename: 'Motte ☀.png', type: 'image/png', size: 70 },
      ],
    })
  })

  test('a mail that is HTML in an old charset, and one without files', async () => {
    const { subject, text, attachments } = await gmail.value('read_message', {
      message_id: await idOf('is:starred'),
    })
    expect([subject, text, attachments]).toEqual([
      'Re: Grüße aus Zürich ☀',
      'Danke! Bis bald – wir sehen uns im Frühling.',
      [],
    ])
  })

  test('a long text is cut and says so', async () => {
    const text = 'Grüße 👋 '.repeat(200)
    await gmail.value('send_message', { to: ['ada@example.com'], subject: 'long', text })
    const read = await gmail.value('read_message', {
      message_id: await idOf('subject:long'),
      max_characters: 100,
    })
    expect(read.text).toMatch(/^Grüße 👋 .*… \(\d+ more characters\)$/)
  })

  test('an attachment that is text; one that is none, and one that is not there, say so', async () => {
    const message_id = await idOf('moth')
    const read = (attachment_id: string) => gmail.value('read_attachment', { message_id, attachment_id })
    expect(await read('1')).toEqual({
      filename: 'logbook.csv',
      type: 'text/csv',
      size: 77,
      text: 'time,event\n15:45,"Relay #70 Panel F (moth) in relay."\n16:30,Größe geprüft\n',
    })
    expect(await read('2')).toEqual({
      filename: 'Motte ☀.png',
      type: 'image/png',
      size: 70,
      note: 'It was not read: it is no text file, or larger than 1 MB.',
    })
    expect(gmail.asked).toHaveLength(1)
    expect((await read('7.1')).note).toMatch(/no such attachment/)
  })

  test('a conversation, oldest first', async () => {
    const [{ message_id, thread_id }] = await search({ query: 'subject:engine' })
    for (const text of ['Yes, at ten.', 'Or at eleven?'])
      await gmail.value('send_message', { reply_to_message_id: message_id, text })
    const thread = await gmail.value('read_thread', { thread_id })
    expect([thread.thread_id, thread.message_count, thread.older_message_ids]).toEqual([thread_id, 3, []])
    expect(
      thread.messages.map(({ from, text }: Record<string, string>) => [from!.split(' ')[0], text]),
    ).toEqual([
      ['Grace', 'The new plate is engraved. Shall we meet on Thursday at ten?'],
      ['Ada', 'Yes, at ten.'],
      ['Ada', 'Or at eleven?'],
    ])
  })

  test('of a long conversation the newest 20, and the ids of the others', async () => {
    const [{ message_id, thread_id }] = await search({ query: 'subject:engine' })
    for (let count = 1; count <= 21; count += 1)
      await gmail.value('send_message', { reply_to_message_id: message_id, text: `reply ${count}` })
    const thread = await gmail.value('read_thread', { thread_id })
    expect([thread.message_count, thread.messages.length, thread.messages.at(-1).text]).toEqual([
      22,
      20,
      'reply 21',
    ])
    expect(thread.older_message_ids).toHaveLength(2)
    expect(thread.older_message_ids[0]).toBe(message_id)
  })

  test('labels', async () => {
    const { labels } = await gmail.value('list_labels')
    expect(labels).toContainEqual({ label_id: 'INBOX', name: 'INBOX', type: 'system' })
    expect(labels).toContainEqual({ label_id: 'Label_1', name: 'Receipts', type: 'user' })
  })

  test('needs no more than the scope for reading', async () => {
    await gmail.connect({ access: 'read' })
    const message_id = await idOf('moth')
    expect((await gmail.value('read_message', { message_id })).text).toContain('logbook')
    expect((await gmail.value('read_attachment', { message_id, attachment_id: '1' })).text).toContain('moth')
    expect((await gmail.value('read_thread', { thread_id: message_id })).message_count).toBe(1)
    expect((await gmail.value('list_labels')).labels.length).toBeGreaterThan(5)
    const message = await gmail.refusal('send_message', { to: ['grace@example.com'], text: 'x' })
    expect(message).toBe(
      'Gmail refused this (403): Request had insufficient authentication scopes. The connected account may not do this, or was not asked for the permission: connect it again with more access, or do something else.',
    )
  })
})

describe('sending', () => {
  const tricky = 'Grüße 👋 „aus“ Köln — 日本語 "quoted" \\ -- <b>&amp;</b>'

  test('in any script, to several, with copies; the others do not see the blind one', async () => {
    const text = `${tricky}\n.\n-- \nFrom here on`
    const answer = await gmail.value('send_message', {
      to: ['Grace Hopper <grace@example.com>', 'someone@elsewhere.example'],
      cc: ['Ünal Öz <unal@example.org>'],
      bcc: ['linus@example.com'],
      subject: tricky,
      text,
    })
    expect(answer).toEqual({
      message_id: expect.stringMatching(/^19[0-9a-f]{14}$/),
      thread_id: answer.message_id,
      label_ids: ['SENT'],
    })
    expect(outbox()).toMatchObject([
      {
        provider: 'gmail',
        account: 'ada@example.com',
        kind: 'mail',
        detail: {
          id: answer.message_id,
          to: 'Grace Hopper <grace@example.com>, someone@elsewhere.example',
          cc: 'Ünal Öz <unal@example.org>',
          bcc: 'linus@example.com',
          subject: tricky,
          text,
        },
      },
    ])
    await gmail.connect({ account: 'linus@example.com' })
    const message_id = await idOf('from:ada')
    const got = await gmail.value('read_message', { message_id })
    expect([got.subject, got.text, got.bcc]).toEqual([tricky, text, undefined])
  })

  test('a subject with line breaks makes no header', async () => {
    await gmail.value('send_message', {
      to: ['grace@example.com'],
      subject: 'Hi\r\nBcc: eve@example.com',
      text: 'x',
    })
    expect(outbox()[0]!.detail).not.toHaveProperty('bcc')
    expect(outbox()[0]!.detail.subject).toContain('Hi')
  })

  test('HTML alone and beside text, and nothing but a subject', async () => {
    const to = ['ada@example.com']
    await gmail.value('send_message', { to, subject: 'alone', html: '<p>Rich – 1 &lt; 2</p>' })
    await gmail.value('send_message', { to, subject: 'beside', html: '<p>Rich</p>', text: 'plain' })
    await gmail.value('send_message', { to, subject: 'nothing' })
    const texts = []
    for (const subject of ['alone', 'beside', 'nothing'])
      texts.push(
        (await gmail.value('read_message', { message_id: await idOf(`in:inbox subject:${subject}`) })).text,
      )
    expect(texts).toEqual(['Rich – 1 < 2', 'plain', undefined])
  })

  test('files go along and come back the same', async () => {
    const content = Buffer.from('a;b\n1;ü\n').toString('base64')
    const attachments = [
      { filename: 'Zahlen für März.csv', content_type: 'text/csv', content },
      { filename: 'notes.bin', content },
    ]
    const { message_id } = await gmail.value('send_message', {
      to: ['a@example.com'],
      text: 't',
      attachments,
    })
    const read = await gmail.value('read_message', { message_id })
    expect([read.text, read.attachments]).toEqual([
      't',
      [
        { attachment_id: '1', filename: 'Zahlen für März.csv', type: 'text/csv', size: 9 },
        { attachment_id: '2', filename: 'notes.bin', type: 'application/octet-stream', size: 9 },
      ],
    ])
    expect((await gmail.value('read_attachment', { message_id, attachment_id: '1' })).text).toBe('a;b\n1;ü\n')
    expect(outbox()[0]!.detail.attachments).toHaveLength(2)
  })

  test('a reply goes to its sender, under its subject, into its conversation, for both', async () => {
    const [{ message_id, thread_id }] = await search({ query: 'subject:engine' })
    const answer = await gmail.value('send_message', { reply_to_message_id: message_id, text: 'Yes.' })
    expect(answer.thread_id).toBe(thread_id)
    expect(outbox()[0]!.detail).toMatchObject({
      to: 'Grace Hopper <grace@example.com>',
      subject: 'Re: Notes on the engine',
      in_reply_to: `<${message_id}@mail.example.com>`,
      thread_id,
    })
    // What one sent oneself is answered to the same people again, and names all that came before.
    await gmail.value('send_message', { reply_to_message_id: answer.message_id, text: 'One more thing.' })
    expect(outbox()[1]!.detail).toMatchObject({
      to: 'Grace Hopper <grace@example.com>',
      subject: 'Re: Notes on the engine',
      references: `<${message_id}@mail.example.com> <CA${answer.message_id}@mail.gmail.com>`,
      thread_id,
    })
    await gmail.connect({ account: 'grace@example.com' })
    const both = await search({ query: 'from:ada subject:"re: notes on the engine"' })
    expect(both).toHaveLength(2)
    expect(new Set(both.map((one: { thread_id: string }) => one.thread_id)).size).toBe(1)
    await gmail.value('send_message', {
      reply_to_message_id: both[0].message_id,
      to: ['ada@example.com', 'linus@example.com'],
      text: 'Both of you.',
    })
    await gmail.connect()
    expect((await gmail.value('read_thread', { thread_id })).message_count).toBe(4)
  })

  test('a reply under another subject is another conversation, as Gmail has it', async () => {
    const [{ message_id, thread_id }] = await search({ query: 'subject:engine' })
    const answer = await gmail.value('send_message', {
      reply_to_message_id: message_id,
      subject: 'Something else',
      text: 'x',
    })
    expect(answer.thread_id).not.toBe(thread_id)
  })

  test('a subject that has its Re: keeps the one', async () => {
    await gmail.value('send_message', { reply_to_message_id: await idOf('is:starred'), text: 'x' })
    expect(outbox()[0]!.detail.subject).toBe('Re: Grüße aus Zürich ☀')
  })

  test('a draft is not sent; a reply can be one too', async () => {
    const draft = await gmail.value('create_draft', { subject: tricky, text: 'later' })
    expect(draft).toEqual({
      draft_id: expect.stringMatching(/^r-?\d+$/),
      message_id: expect.any(String),
      thread_id: draft.message_id,
    })
    expect((await gmail.value('read_message', { message_id: draft.message_id })).subject).toBe(tricky)
    expect(await subjects({ query: 'in:draft' })).toEqual([tricky])
    const [{ message_id, thread_id }] = await search({ query: 'subject:invoice' })
    const reply = await gmail.value('create_draft', { reply_to_message_id: message_id, text: 'Paid.' })
    expect(reply.thread_id).toBe(thread_id)
    expect(outbox()).toEqual([])
  })

  test.each([
    ['nobody', { text: 'x' }, /Recipient address required\. Check the arguments/],
    ['an empty list', { to: [], text: 'x' }, /Recipient address required/],
    ['no address', { to: ['ada'], text: 'x' }, /"ada" is not a mail address\. Write ada@example\.com/],
    ['two in one', { to: ['a@x.example, b@x.example'] }, /is not a mail address/],
    ['no such message', { reply_to_message_id: '18cfffffffffffff', text: 'x' }, /\(404\).*search or list/],
    ['no id', { reply_to_message_id: '../labels', text: 'x' }, /Invalid id value/],
    [
      'a file that is no base64',
      { to: ['a@x.example'], attachments: [{ filename: 'x', content: 'é' }] },
      /not base64/,
    ],
  ])('%s: refused, nothing is sent', async (_, args, message) => {
    expect(await gmail.refusal('send_message', args)).toMatch(message)
    expect(outbox()).toEqual([])
  })
})

describe('modify_labels', () => {
  test('archives, marks and labels several at once; twice is as once', async () => {
    const message_ids = [await idOf('invoice'), await idOf('moth')]
    const change = { message_ids, add_label_ids: ['Label_1'], remove_label_ids: ['INBOX', 'UNREAD'] }
    for (const _ of [1, 2])
      expect(await gmail.value('modify_labels', change)).toEqual({
        messages: message_ids.map((message_id) => ({
          message_id,
          thread_id: message_id,
          label_ids: ['Label_1'],
        })),
      })
    expect(await subjects({ query: 'label:receipts' })).toEqual(['A moth in relay 70', 'Invoice 2041'])
  })

  test.each([
    ['an unknown label', { add_label_ids: ['Label_99'] }, /Invalid label: Label_99/],
    ['no label at all', {}, /No label/],
  ])('%s is refused', async (_, change, message) => {
    expect(await gmail.refusal('modify_labels', { message_ids: [await idOf('moth')], ...change })).toMatch(
      message,
    )
  })
})

test('what the service refuses is told with what to do', async () => {
  expect(await gmail.refusal('read_message', { message_id: '18cfffffffffffff' })).toBe(
    'Gmail refused this (404): Requested entity was not found. Check the id: search or list first to get one that exists.',
  )
  gmail.sandbox.control.fault({ provider: 'gmail', endpoint: 'api', fault: 'status', status: 429 })
  expect(await gmail.refusal('list_labels')).toMatch(/\(429\).*wait/)
})
