import { type Account, accounts } from '../accounts.ts'

/** A file, as far as the sandbox has use for one. Google's own kinds have no bytes but forms to export. */
export type DriveFile = {
  id: string
  name: string
  mimeType: string
  description?: string
  parents: string[]
  modifiedTime: string
  trashed: boolean
  /** The address of whoever owns it. */
  owner: string
  content: Buffer | null
  /** Media type → what an export gives. */
  exports: Record<string, string | Buffer>
}

const google = (kind: string) => `application/vnd.google-apps.${kind}`
const ooxml = (kind: string) => `application/vnd.openxmlformats-officedocument.${kind}`
const pdf = Buffer.from('%PDF-1.4\n%sandbox\n')
const packed = Buffer.from('PK\u0003\u0004sandbox')

/** What Google offers for each kind of its files. */
const exportsOf = (kind: string, title: string, text: string): DriveFile['exports'] => {
  if (kind === 'document')
    return {
      'text/markdown': `# ${title}\n\n${text}\n`,
      'text/plain': `\ufeff${title}\r\n\r\n${text.replaceAll('**', '').replaceAll('\n', '\r\n')}\r\n`,
      'application/rtf': `{\\rtf1\\ansi ${title}}`,
      'application/pdf': pdf,
      'application/zip': packed,
      'application/epub+zip': packed,
      [ooxml('wordprocessingml.document')]: packed,
      'application/vnd.oasis.opendocument.text': packed,
    }
  if (kind === 'spreadsheet')
    return {
      'text/csv': text,
      'text/tab-separated-values': text.replaceAll(',', '\t'),
      'application/pdf': pdf,
      'application/zip': packed,
      [ooxml('spreadsheetml.sheet')]: packed,
      'application/vnd.oasis.opendocument.spreadsheet': packed,
    }
  if (kind === 'presentation')
    return {
      'text/plain': `${title}\n${text}\n`,
      'application/pdf': pdf,
      [ooxml('presentationml.presentation')]: packed,
      'application/vnd.oasis.opendocument.presentation': packed,
    }
  return {}
}

export const seedFiles = (account: Account, now: number): DriveFile[] => {
  const other = accounts.find((one) => one !== account)!
  const rootId = `0AsandboxRoot${account.number}`
  const folder = `1sandboxfolder${account.number}`
  const file = (
    id: string,
    name: string,
    mimeType: string,
    hours: number,
    more: Partial<DriveFile> = {},
  ): DriveFile => ({
    id: `1sandbox${id}${account.number}`,
    name,
    mimeType,
    parents: [rootId],
    modifiedTime: new Date(now - hours * 3_600_000).toISOString(),
    trashed: false,
    owner: account.email,
    content: null,
    exports: {},
    ...more,
  })
  const own = (id: string, name: string, kind: string, hours: number, text: string, more = {}) =>
    file(id, name, google(kind), hours, { exports: exportsOf(kind, name, text), ...more })
  const bytes = (
    id: string,
    name: string,
    type: string,
    hours: number,
    content: string | Buffer,
    more = {},
  ) => file(id, name, type, hours, { content: Buffer.from(content as string), ...more })
  return [
    own(
      'file',
      'Notes on the engine',
      'document',
      2,
      'The engine weaves **algebraical patterns** – Grüße aus Zürich ☀.',
    ),
    own('sheet', 'Budget 2026', 'spreadsheet', 20, 'item,sum\nBrass,120\n"Gears, spare",48\n', {
      parents: [folder],
    }),
    own('slides', 'Plan for the spring', 'presentation', 30, 'Gears first.'),
    bytes('text', "Ada's list.txt", 'text/plain', 40, 'gears\nÖl\ncards\n', { description: 'To buy' }),
    bytes('json', 'cards.json', 'application/json', 41, '{"cards": [1, 2]}'),
    bytes('pdf', 'Contract.pdf', 'application/pdf', 50, pdf),
    bytes('empty', 'empty.txt', 'text/plain', 60, ''),
    file('folder', 'Accounts', google('folder'), 70),
    bytes('shared', 'Shared with love.md', 'text/markdown', 80, '# Hello\n', {
      owner: other.email,
      parents: [],
    }),
    bytes('old', 'Old list.txt', 'text/plain', 90, 'gone', { trashed: true }),
  ]
}

/** Everything that can be asked of a file with `fields`. */
export const presentFile = (file: DriveFile, account: Account, base: string): Record<string, unknown> => {
  const owner = accounts.find(({ email }) => email === file.owner)!
  const user = {
    kind: 'drive#user',
    displayName: owner.name,
    me: owner.email === account.email,
    permissionId: `0${owner.number}000000000000000000`,
    emailAddress: owner.email,
  }
  const editor = { document: 'document', spreadsheet: 'spreadsheets', presentation: 'presentation' }
  const kind = file.mimeType.replace(google(''), '') as keyof typeof editor
  const link = editor[kind]
    ? `https://docs.google.com/${editor[kind]}/d/${file.id}/edit?usp=drivesdk`
    : `https://drive.google.com/file/d/${file.id}/view?usp=drivesdk`
  const types = Object.keys(file.exports)
  return {
    kind: 'drive#file',
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.description ? { description: file.description } : {}),
    starred: false,
    trashed: file.trashed,
    ...(file.parents.length > 0 ? { parents: file.parents } : {}),
    webViewLink: link,
    createdTime: file.modifiedTime,
    modifiedTime: file.modifiedTime,
    owners: [user],
    lastModifyingUser: user,
    shared: owner.email !== account.email,
    ...(file.content === null ? {} : { size: String(file.content.length) }),
    ...(types.length > 0
      ? {
          exportLinks: Object.fromEntries(
            types.map((type) => [
              type,
              `${base}/feeds/download/export?id=${file.id}&mimeType=${encodeURIComponent(type)}`,
            ]),
          ),
        }
      : {}),
  }
}
