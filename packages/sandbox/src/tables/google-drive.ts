import { type Answer, json } from '../answer.ts'
import type { ApiCall } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'
import { googleError, googleTable, googleScope as scope } from './google.ts'

type File = { id: string; name: string; mimeType: string }

const all = scope('drive')
const readonly = scope('drive.readonly')
const ownFiles = scope('drive.file')
const metadata = scope('drive.metadata.readonly')
const reads = [all, readonly, ownFiles, metadata]
const filesOf = (call: ApiCall) => call.data as File[]
const present = ({ id, name, mimeType }: File) => ({ kind: 'drive#file', id, name, mimeType })

const about = ({ query, account, base }: ApiCall): Answer => {
  const fields = query.get('fields')
  if (!fields)
    return googleError(
      400,
      'INVALID_ARGUMENT',
      "The 'fields' parameter is required for this method.",
      'required',
    )
  const user = {
    kind: 'drive#user',
    displayName: account.name,
    photoLink: `${base}/picture`,
    me: true,
    permissionId: `0${account.number}000000000000000000`,
    emailAddress: account.email,
  }
  const everything = { kind: 'drive#about', user, storageQuota: { limit: '16106127360', usage: '1024' } }
  const asked = fields.split(',').map((field) => field.split(/[(/]/)[0]!.trim())
  return json(
    200,
    Object.fromEntries(
      Object.entries(everything).filter(([name]) => asked.includes('*') || asked.includes(name)),
    ),
  )
}

const createFile = (call: ApiCall): Answer => {
  const { name = 'Untitled', mimeType = 'application/octet-stream' } = (call.body ?? {}) as Partial<File>
  const file = { id: `1${randomHex(call.random, 16)}`, name, mimeType }
  filesOf(call).push(file)
  call.send({ kind: 'file', summary: `file created: ${name}`, detail: file })
  return json(200, present(file))
}

const getFile = (call: ApiCall): Answer => {
  const file = filesOf(call).find(({ id }) => id === call.params.fileId)
  return file
    ? json(200, present(file))
    : googleError(404, 'NOT_FOUND', `File not found: ${call.params.fileId}.`, 'notFound')
}

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
      handle: (call) =>
        json(200, { kind: 'drive#fileList', incompleteSearch: false, files: filesOf(call).map(present) }),
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
  ],
  seed: (account): File[] => [
    {
      id: `1sandboxfile${account.number}`,
      name: 'Notes on the engine',
      mimeType: 'application/vnd.google-apps.document',
    },
  ],
  api_path: '',
})
