import { afterAll, beforeAll, expect, test } from 'vitest'
import { addSandboxIntegration, confirmPage } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { callMcp, toolCall } from '../support/mcp.ts'

// The tools one by one are tested beside the sandbox alone; here a few go the whole way, with ids and texts that are
// hard on addresses.
let grantry: TestGrantry
beforeAll(async () => {
  grantry = await startTestGrantry({ world: { background: false } })
  for (const name of ['gmail', 'google-calendar', 'google-drive']) await addSandboxIntegration(grantry, name)
})
afterAll(() => grantry?.close())

/** An MCP server over Ada's account; what its tools answer. */
async function connectServer(name: string, access_type: 'read' | 'write') {
  const body = { mcp_server: name, access_type, auth_method: 'oauth' }
  const { data } = (await grantry.call('POST', '/api/v1/mcp-servers', body)).body
  const callback = await grantry.sandbox!.control.consent(data.authorization_url, {
    account: 'ada@example.com',
  })
  const page = await grantry.call('GET', callback, undefined, { key: null })
  await confirmPage(grantry, page.text, 'connect')
  return {
    names: async () => {
      const { body } = await callMcp(grantry, { url: data.mcp_url, method: 'tools/list' })
      return body.result.tools.map((tool: { name: string }) => tool.name)
    },
    value: async (tool: string, args: Record<string, unknown> = {}) => {
      const { body, text } = await callMcp(grantry, { url: data.mcp_url, ...toolCall(tool, args) })
      expect(body?.result?.isError, text).toBeFalsy()
      return body.result.structuredContent
    },
  }
}

test('Gmail: what was sent with a file is found, read and answered', async () => {
  const gmail = await connectServer('gmail', 'write')
  const subject = 'Grüße & "Küsse" 100 % #1 +2 / \\ 👋'
  const content = Buffer.from('a,b\n1,ü\n'.repeat(40_000)).toString('base64')
  const attachments = [{ filename: 'März.csv', content_type: 'text/csv', content }]
  const sent = await gmail.value('send_message', {
    to: ['ada@example.com'],
    subject,
    text: 'Hi',
    attachments,
  })
  const found = await gmail.value('search_messages', {
    query: 'in:inbox filename:märz "100 % #1 +2 / \\ 👋"',
  })
  expect(found.messages).toMatchObject([{ subject, unread: true }])
  const [{ message_id }] = found.messages
  expect(
    (await gmail.value('read_attachment', { message_id, attachment_id: '1', max_characters: 100 })).text,
  ).toMatch(/^a,b\n1,ü\n.* more characters\)$/s)
  const reply = await gmail.value('send_message', { reply_to_message_id: message_id, text: 'And back' })
  expect(
    (await gmail.value('read_thread', { thread_id: reply.thread_id })).messages.map(
      ({ text }: { text: string }) => text,
    ),
  ).toContain('And back')
  expect(sent.label_ids).toEqual(['SENT'])
})

test('Calendar: an id with a number sign and an at sign; offsets with a plus sign', async () => {
  const calendar = await connectServer('google-calendar', 'read')
  expect(await calendar.names()).toEqual(['list_calendars', 'list_events', 'get_event', 'free_busy'])
  const { calendars } = await calendar.value('list_calendars')
  const { events } = await calendar.value('list_events', {
    calendar_id: calendars[1].calendar_id,
    from: '2020-01-01T00:00:00+01:00',
  })
  expect(events).toMatchObject([{ title: 'Bank holiday', all_day: true }])
  const span = { from: '2031-03-04T00:00:00+01:00', to: '2031-03-05T00:00:00+01:00' }
  expect((await calendar.value('free_busy', span)).calendars).toEqual([{ calendar_id: 'primary', busy: [] }])
})

test('Drive: a question with quotes, and a text that is no JSON', async () => {
  const drive = await connectServer('google-drive', 'read')
  expect(await drive.names()).toEqual(['search_files', 'read_file', 'export_file'])
  const { files } = await drive.value('search_files', { name: "Ada's" })
  expect((await drive.value('read_file', { file_id: files[0].file_id })).text).toBe('gears\nÖl\ncards\n')
  const [document] = (await drive.value('search_files', { kind: 'document' })).files
  expect((await drive.value('read_file', { file_id: document.file_id })).text).toContain('**algebraical')
})
