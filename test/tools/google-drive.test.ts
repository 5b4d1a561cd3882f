import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let drive: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  drive = await connectTools('google-drive')
})
afterAll(() => drive?.close())
beforeEach(async () => {
  drive.sandbox.control.reset()
  await drive.connect({ access: 'read' })
})

type Args = Parameters<typeof drive.value>[1]
const search = async (args: Args) => (await drive.value('search_files', args)).files
const names = async (args: Args) => (await search(args)).map(({ name }: { name: string }) => name)
const read = async (name: string, more: Args = {}) =>
  drive.value('read_file', { file_id: (await search({ name }))[0].file_id, ...more })
const exported = async (name: string, format: string) =>
  drive.value('export_file', { file_id: (await search({ name }))[0].file_id, format })

describe('search_files', () => {
  test('tells what it is, whose, and where; one file is a list of one, none an empty one', async () => {
    expect(await drive.value('search_files', { words: 'cards', kind: 'document' })).toEqual({ files: [] })
    expect(await drive.value('search_files', { name: 'Ada' })).toEqual({
      files: [
        {
          file_id: '1sandboxtext1',
          name: "Ada's list.txt",
          type: 'text/plain',
          description: 'To buy',
          size: 16,
          changed: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          owners: [{ name: 'Ada Lovelace', email: 'ada@example.com' }],
          folder_id: '0AsandboxRoot1',
          web_link: 'https://drive.google.com/file/d/1sandboxtext1/view?usp=drivesdk',
        },
      ],
    })
  })

  test.each<[string, Args, string[]]>([
    ['words in contents', { words: 'grüße patterns' }, ['Notes on the engine']],
    ["a quote in the name: it's no end", { name: "Ada's" }, ["Ada's list.txt"]],
    ['what would end the query', { words: "x' or name contains 'a" }, []],
    ['a backslash', { name: 'a\\' }, []],
    ['a backslash before a quote', { words: "\\'" }, []],
    ['a kind', { kind: 'spreadsheet' }, ['Budget 2026']],
    ['the root', { folder_id: 'root', kind: 'folder' }, ['Accounts']],
    ['a folder', { folder_id: '1sandboxfolder1' }, ['Budget 2026']],
    ['from others', { shared_with_me: true }, ['Shared with love.md']],
    ['together', { words: 'brass', name: 'Budget', kind: 'spreadsheet' }, ['Budget 2026']],
    ['what is in the trash', { name: 'Old' }, []],
  ])('%s', async (_, args, found) => {
    expect(await names(args)).toEqual(found)
  })

  test('the last changed first, in pages', async () => {
    const first = await drive.value('search_files', { limit: 2 })
    expect(first.files.map(({ name }: { name: string }) => name)).toEqual([
      'Notes on the engine',
      'Budget 2026',
    ])
    const next = await drive.value('search_files', { limit: 100, page_token: first.next_page_token })
    expect([next.files.length, next.next_page_token]).toEqual([7, undefined])
    const changed_after = new Date(Date.now() - 25 * 3_600_000).toISOString()
    expect(await names({ changed_after })).toEqual(['Notes on the engine', 'Budget 2026'])
  })
})

describe('read_file', () => {
  test.each([
    [
      'Notes on',
      '# Notes on the engine\n\nThe engine weaves **algebraical patterns** – Grüße aus Zürich ☀.\n',
      'text/markdown',
    ],
    ['Budget', 'item,sum\nBrass,120\n"Gears, spare",48\n', 'text/csv'],
    ['Plan', 'Plan for the spring\nGears first.\n', 'text/plain'],
    ["Ada's", 'gears\nÖl\ncards\n', undefined],
    ['cards', '{"cards": [1, 2]}', undefined],
    ['Shared', '# Hello\n', undefined],
  ])('%s: its text', async (name, text, format) => {
    const answer = await read(name)
    expect([answer.text, answer.format, answer.note]).toEqual([text, format, undefined])
  })

  test.each([
    ['Contract', /^It was not read: it is no text/],
    ['empty', /^The file is empty/],
    ['Accounts', /^It is a folder: search_files/],
  ])('%s: says that there is none', async (name, note) => {
    const answer = await read(name)
    expect([answer.text, answer.web_link, drive.asked.length]).toEqual([undefined, expect.any(String), 1])
    expect(answer.note).toMatch(note)
  })

  test('a long one is cut', async () => {
    expect((await read('Notes on', { max_characters: 100 })).text).toBe(
      '# Notes on the engine\n\nThe engine weaves **algebraical patterns** – Grüße aus Zürich ☀.\n',
    )
    const file = await read('Shared', { max_characters: 100 })
    expect(file).toMatchObject({ size: 8, type: 'text/markdown' })
  })
})

describe('export_file', () => {
  test.each([
    ['Budget', 'tsv', 'item\tsum\nBrass\t120\n"Gears\t spare"\t48\n'],
    [
      'Notes',
      'text',
      'Notes on the engine\r\n\r\nThe engine weaves algebraical patterns – Grüße aus Zürich ☀.\r\n',
    ],
    ['Notes', 'rtf', '{\\rtf1\\ansi Notes on the engine}'],
  ])('%s as %s', async (name, format, text) => {
    const answer = await exported(name, format)
    expect([answer.text, answer.download_link, answer.note]).toEqual([text, undefined, undefined])
  })

  test.each([
    ['Notes', 'pdf', 'application/pdf'],
    ['Budget', 'xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ])('%s as %s: a link', async (name, format, type) => {
    const answer = await exported(name, format)
    expect([answer.format, answer.text]).toEqual([type, undefined])
    expect(answer.download_link).toContain(encodeURIComponent(type))
    expect(drive.asked).toHaveLength(1)
  })

  test('a format that the file has not, and a file that has none', async () => {
    expect((await exported('Budget', 'markdown')).note).toBe('This file has no such format.')
    expect((await exported("Ada's", 'pdf')).note).toMatch(/use read_file/)
    expect(drive.asked).toHaveLength(1)
  })
})

describe('what the service refuses is told with what to do', () => {
  test('a file that is not there', async () => {
    expect(await drive.refusal('read_file', { file_id: 'none' })).toBe(
      'Google Drive refused this (404): File not found: none. Check the id: search or list first to get one that exists.',
    )
  })

  test('contents without the scope for them', async () => {
    await drive.connect({ scopes: ['https://www.googleapis.com/auth/drive.metadata.readonly'] })
    expect(await names({ kind: 'pdf' })).toEqual(['Contract.pdf'])
    expect(await drive.refusal('read_file', { file_id: '1sandboxtext1' })).toMatch(/\(403\).*more access/)
    expect(await drive.refusal('read_file', { file_id: '1sandboxfile1' })).toMatch(/\(403\).*more access/)
  })

  test('too many calls', async () => {
    drive.sandbox.control.fault({ provider: 'google-drive', endpoint: 'api', fault: 'status', status: 429 })
    expect(await drive.refusal('search_files')).toMatch(/\(429\).*wait a minute/)
  })
})
