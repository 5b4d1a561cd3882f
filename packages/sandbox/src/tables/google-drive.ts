import { type Answer, json } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { googleError, googleTable, googleScope as scope } from './google.ts'
import { type DriveFile, presentFile, seedFiles } from './google-drive-files.ts'
import { readQuery } from './google-drive-query.ts'
import { selectFields } from './google-field-mask.ts'

const all = scope('drive')
const readonly = scope('drive.readonly')
const ownFiles = scope('drive.file')
const metadata = scope('drive.metadata.readonly')
const reads = [all, readonly, ownFiles, metadata]
const contents = [all, readonly, ownFiles]
const filesOf = (call: ApiCall) => call.data as DriveFile[]

const bad = (message: string, reason = 'invalid') => googleError(400, 'INVALID_ARGUMENT', message, reason)

const known = new Set(
  (
    'kind id name mimeType description starred trashed parents webViewLink createdTime modifiedTime owners lastModifyingUser shared size exportLinks ' +
    'displayName me permissionId emailAddress photoLink files nextPageToken incompleteSearch user storageQuota limit usage'
  ).split(' '),
)

/** The answer, cut to `fields`; without it to what the method tells of itself. */
const told = ({ query }: ApiCall, whole: Record<string, unknown>, usual: string): Answer => {
  const answer = selectFields(whole, query.get('fields') || usual, known)
  return typeof answer === 'string'
    ? bad(`Invalid field selection ${answer}`, 'invalidParameter')
    : json(200, answer)
}

const shown = (call: ApiCall) => (file: DriveFile) => presentFile(file, call.account, call.base)

const about = (call: ApiCall): Answer => {
  const { account, base } = call
  if (!call.query.get('fields')) return bad("The 'fields' parameter is required for this method.", 'required')
  const user = {
    kind: 'drive#user',
    displayName: account.name,
    photoLink: `${base}/picture`,
    me: true,
    permissionId: `0${account.number}000000000000000000`,
    emailAddress: account.email,
  }
  return told(call, { kind: 'drive#about', user, storageQuota: { limit: '16106127360', usage: '1024' } }, '*')
}

const orders: Record<string, (a: DriveFile, b: DriveFile) => number> = {
  modifiedTime: (a, b) => Date.parse(a.modifiedTime) - Date.parse(b.modifiedTime),
  name: (a, b) => a.name.localeCompare(b.name),
}

const listFiles = (call: ApiCall): Answer => {
  const { query, account } = call
  const search = query.get('q') ?? ''
  const test = readQuery(search, account)
  if (!test) return bad('Invalid Value')
  const order = query.get('orderBy')
  if (order && /\bfullText\b/.test(search))
    return googleError(
      403,
      'PERMISSION_DENIED',
      'Sorting is not supported for queries with fullText terms. Results are always in descending relevance order.',
      'forbidden',
    )
  const [key = '', direction] = (order ?? 'modifiedTime desc').split(' ')
  const compare = orders[key]
  if (!compare) return bad('Invalid Value')
  const size = Number(query.get('pageSize') ?? 100)
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    return bad(`Invalid value '${size}'. Values must be within the range: [1, 1000]`, 'invalidParameter')
  const start = Number(query.get('pageToken') ?? 0)
  if (!Number.isInteger(start) || start < 0) return bad('Invalid Value')
  const found = filesOf(call)
    .filter(test)
    .sort((a, b) => compare(a, b) * (direction === 'desc' ? -1 : 1))
  const end = start + size
  return told(
    call,
    {
      kind: 'drive#fileList',
      incompleteSearch: false,
      ...(end < found.length ? { nextPageToken: String(end) } : {}),
      files: found.slice(start, end).map(shown(call)),
    },
    'kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)',
  )
}

const createFile = (call: ApiCall): Answer => {
  const { name = 'Untitled', mimeType = 'application/octet-stream' } = (call.body ?? {}) as Partial<DriveFile>
  const file: DriveFile = {
    id: `1${randomHex(call.random, 16)}`,
    name,
    mimeType,
    parents: [`0AsandboxRoot${call.account.number}`],
    modifiedTime: new Date(call.now).toISOString(),
    trashed: false,
    owner: call.account.email,
    content: mimeType.startsWith('application/vnd.google-apps.') ? null : Buffer.alloc(0),
    exports: {},
  }
  filesOf(call).push(file)
  call.send({ kind: 'file', summary: `file created: ${name}`, detail: { id: file.id, name, mimeType } })
  return told(call, shown(call)(file), 'kind,id,name,mimeType')
}

const inFile =
  (handle: (call: ApiCall, file: DriveFile) => Answer) =>
  (call: ApiCall): Answer => {
    const file = filesOf(call).find(({ id }) => id === call.params.fileId)
    return file
      ? handle(call, file)
      : googleError(404, 'NOT_FOUND', `File not found: ${call.params.fileId}.`, 'notFound')
  }

const getFile = inFile((call, file) => {
  if (call.query.get('alt') !== 'media') return told(call, shown(call)(file), 'kind,id,name,mimeType')
  if (!call.scopes.some((granted) => contents.includes(granted)))
    return googleError(
      403,
      'PERMISSION_DENIED',
      'The granted scopes do not give access to all of the requested spaces.',
      'insufficientScopes',
    )
  return file.content === null
    ? googleError(
        403,
        'PERMISSION_DENIED',
        'Only files with binary content can be downloaded. Use Export with Docs Editors files.',
        'fileNotDownloadable',
      )
    : { status: 200, headers: { 'content-type': file.mimeType }, body: file.content }
})

const exportFile = inFile(({ query }, file) => {
  const type = query.get('mimeType')
  if (!type) return bad('Required parameter: mimeType', 'required')
  if (Object.keys(file.exports).length === 0)
    return googleError(
      403,
      'PERMISSION_DENIED',
      'Export only supports Docs Editors files.',
      'fileNotExportable',
    )
  const body = file.exports[type]
  return body === undefined
    ? bad('The requested conversion is not supported.', 'badRequest')
    : { status: 200, headers: { 'content-type': type }, body: Buffer.from(body as string) }
})

/** Google Drive. Facts from developers.google.com/workspace/drive/api/reference/rest/v3. */
export const googleDrive = googleTable({
  name: 'google-drive',
  display_name: 'Google Drive',
  client: {
    client_id: '104729000002-sandbox.apps.googleusercontent.com',
    client_secret: `GOCSPX-${SECRET_MARK}-google-drive-client`,
  },
  scopes: {
    [all]: { sentence: 'See, change and delete all of your files' },
    [readonly]: { sentence: 'See and download all of your files' },
    [ownFiles]: { sentence: 'See, change and delete the files that you open with this app' },
    [metadata]: { sentence: 'See information about your files' },
    [scope('drive.metadata')]: { sentence: 'See and change information about your files' },
    [scope('drive.appdata')]: { sentence: 'Keep its own configuration in your storage' },
  },
  routes: [
    {
      method: 'GET',
      path: '/drive/v3/about',
      endpoint: 'account',
      scopes: [...reads, scope('drive.metadata')],
      handle: about,
    },
    {
      method: 'GET',
      path: '/drive/v3/files',
      endpoint: 'api',
      scopes: [...reads, scope('drive.metadata')],
      handle: listFiles,
    },
    {
      method: 'POST',
      path: '/drive/v3/files',
      endpoint: 'api',
      scopes: [all, ownFiles],
      handle: createFile,
    },
    {
      method: 'GET',
      path: '/drive/v3/files/:fileId',
      endpoint: 'api',
      scopes: [...reads, scope('drive.metadata')],
      handle: getFile,
    },
    {
      method: 'GET',
      path: '/drive/v3/files/:fileId/export',
      endpoint: 'api',
      scopes: contents,
      handle: exportFile,
    },
  ],
  seed: seedFiles,
  api_path: '',
})
