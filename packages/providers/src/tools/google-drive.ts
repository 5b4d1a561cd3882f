import type { Tool, ToolArgument } from '../tool.ts'

const fileId: ToolArgument = {
  type: 'string',
  description: 'A file_id that search_files gives, or the long id in the address of the file.',
  pattern: '^[A-Za-z0-9_-]+$',
  maxLength: 200,
}

const kinds = {
  folder: 'application/vnd.google-apps.folder',
  document: 'application/vnd.google-apps.document',
  spreadsheet: 'application/vnd.google-apps.spreadsheet',
  presentation: 'application/vnd.google-apps.presentation',
  form: 'application/vnd.google-apps.form',
  drawing: 'application/vnd.google-apps.drawing',
  pdf: 'application/pdf',
}

/** As a string in Drive's query language: backslashes and quotes are escaped. */
const quoted = (name: string) =>
  `join('', ['\\'', replace(replace(${name}, '\\\\', '\\\\\\\\'), '\\'', '\\\\\\''), '\\''])`

/** The value of a name in a table of names. */
const lookUp = (table: Record<string, string>, name: string) =>
  `(let $wanted = ${name} in items(\`${JSON.stringify(table)}\`)[?[0] == $wanted] | [0][1])`

const searchFiles: Tool = {
  name: 'search_files',
  title: 'Search files',
  description:
    'Finds files and folders, also shared ones, by words, name, kind, folder or change; without any of these the last changed ones. ' +
    'Read one with read_file.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      words: {
        type: 'string',
        description: 'Words to look for in names and contents. The answer is by relevance then.',
        minLength: 1,
        maxLength: 500,
      },
      name: {
        type: 'string',
        description: 'How the name, or a word in it, begins.',
        minLength: 1,
        maxLength: 300,
      },
      kind: {
        type: 'string',
        description: 'Only files of this kind; document, spreadsheet and presentation are those of Google.',
        enum: Object.keys(kinds),
      },
      folder_id: {
        type: 'string',
        description: 'Only what is directly in this folder: its file_id, or root for My Drive.',
        pattern: '^[A-Za-z0-9_-]+$',
        maxLength: 200,
      },
      changed_after: {
        type: 'string',
        description:
          'Only what was changed after this time: ISO 8601 with offset, as 2026-03-01T09:00:00+01:00.',
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
        maxLength: 40,
      },
      shared_with_me: {
        type: 'boolean',
        description: 'Only what others have shared with the account.',
        default: false,
      },
      limit: {
        type: 'integer',
        description: 'How many files at most, 1 to 100.',
        minimum: 1,
        maximum: 100,
        default: 20,
      },
      page_token: {
        type: 'string',
        description:
          'The next_page_token of the answer before, with the same other arguments, to go on there.',
        maxLength: 2000,
      },
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/drive/v3/files',
      query: {
        q: `join(' and ', [
          'trashed = false',
          words && join('', ['fullText contains ', ${quoted('words')}]),
          name && join('', ['name contains ', ${quoted('name')}]),
          kind && join('', ['mimeType = ', ${quoted(lookUp(kinds, 'kind'))}]),
          folder_id && join('', [${quoted('folder_id')}, ' in parents']),
          changed_after && join('', ['modifiedTime > ', ${quoted('changed_after')}]),
          shared_with_me ? 'sharedWithMe = true' : \`null\`][?@])`,
        // Drive sorts what it finds by words itself, and takes no other order then.
        orderBy: "words ? `null` : 'modifiedTime desc'",
        pageSize: 'limit',
        pageToken: 'page_token',
        fields:
          "'nextPageToken,incompleteSearch,files(id,name,mimeType,description,size,modifiedTime,owners(displayName,emailAddress),parents,webViewLink)'",
        supportsAllDrives: '`true`',
        includeItemsFromAllDrives: '`true`',
      },
    },
  ],
  output: `{files: (answer.files || \`[]\`)[].{file_id: id, name: name, type: mimeType, description: description, size: size && to_number(size),
    changed: modifiedTime, owners: (owners || \`[]\`)[].{name: displayName, email: emailAddress}, folder_id: parents[0], web_link: webViewLink},
    incomplete: answer.incompleteSearch || \`null\`, next_page_token: answer.nextPageToken}`,
}

/** Google's own files have no bytes: they are exported. */
const readAs = {
  'application/vnd.google-apps.document': 'text/markdown',
  'application/vnd.google-apps.spreadsheet': 'text/csv',
  'application/vnd.google-apps.presentation': 'text/plain',
}

const textTypes = [
  'application/json',
  'application/xml',
  'application/csv',
  'application/yaml',
  'application/x-yaml',
  'application/javascript',
  'application/x-javascript',
  'application/x-sh',
  'application/sql',
  'application/rtf',
]

const isText = `(file.size && to_number(file.size) > \`0\` && to_number(file.size) <= \`2000000\` && (starts_with(file.mimeType, 'text/')
  || ends_with(file.mimeType, '+json') || ends_with(file.mimeType, '+xml') || contains(\`${JSON.stringify(textTypes)}\`, file.mimeType)))`

const maxCharacters: ToolArgument = {
  type: 'integer',
  description: 'Longer texts are cut there and say how much is missing.',
  minimum: 100,
  maximum: 80_000,
  default: 20_000,
}

const readFile: Tool = {
  name: 'read_file',
  title: 'Read a file',
  description:
    'The text of a file: text files up to 2 MB as they are, Google Docs as Markdown, the first sheet of Google Sheets as CSV, Google Slides as plain text. ' +
    'Says so where it cannot read a file, like PDF, Office files and images; give the person its web_link then.',
  access: 'read',
  input: {
    type: 'object',
    properties: { file_id: fileId, max_characters: maxCharacters },
    required: ['file_id'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'file',
      method: 'GET',
      path: '/drive/v3/files/{file_id}',
      query: { fields: "'id,name,mimeType,size,modifiedTime,webViewLink'", supportsAllDrives: '`true`' },
    },
    {
      as: 'exported',
      when: lookUp(readAs, 'file.mimeType'),
      method: 'GET',
      path: '/drive/v3/files/{file_id}/export',
      query: { mimeType: lookUp(readAs, 'file.mimeType') },
      answer: 'text',
    },
    {
      as: 'content',
      when: isText,
      method: 'GET',
      path: '/drive/v3/files/{file_id}',
      query: { alt: "'media'", supportsAllDrives: '`true`' },
      answer: 'text',
    },
  ],
  output: `{file_id: file.id, name: file.name, type: file.mimeType, size: file.size && to_number(file.size), changed: file.modifiedTime,
    web_link: file.webViewLink, format: ${lookUp(readAs, 'file.mimeType')},
    text: cut(exported == \`null\` ? content : exported, max_characters),
    note: exported == \`null\` && content == \`null\` ? (file.size == '0' ? 'The file is empty.'
      : file.mimeType == '${kinds.folder}' ? 'It is a folder: search_files with its folder_id lists what is in it.'
      : 'It was not read: it is no text, or larger than 2 MB. The person can open its web_link.') : \`null\`}`,
}

/** Formats that are text come back; the others are a link. */
const textFormats = {
  markdown: 'text/markdown',
  text: 'text/plain',
  rtf: 'application/rtf',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  svg: 'image/svg+xml',
}

const formats = {
  ...textFormats,
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  odt: 'application/vnd.oasis.opendocument.text',
  epub: 'application/epub+zip',
  html_zip: 'application/zip',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  png: 'image/png',
  jpeg: 'image/jpeg',
}

/** Drive offers a link for each format that the file has. */
const offered = `contains(keys(file.exportLinks || \`{}\`), ${lookUp(formats, 'format')})`

const exportFile: Tool = {
  name: 'export_file',
  title: 'Export a Google file',
  description:
    'A Google Docs, Sheets, Slides or Drawings file in another format. Formats that are text (markdown, text, rtf, csv, tsv, svg) come back as text; ' +
    'of the others a link under which the person can download it when signed in to Google.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      file_id: fileId,
      format: {
        type: 'string',
        description:
          'Docs: markdown, text, rtf, pdf, docx, odt, epub, html_zip. Sheets: csv and tsv (the first sheet), xlsx, pdf, html_zip. Slides: text, pptx, pdf. Drawings: svg, png, jpeg, pdf.',
        enum: Object.keys(formats),
      },
      max_characters: maxCharacters,
    },
    required: ['file_id', 'format'],
    additionalProperties: false,
  },
  steps: [
    {
      as: 'file',
      method: 'GET',
      path: '/drive/v3/files/{file_id}',
      query: { fields: "'id,name,mimeType,exportLinks'", supportsAllDrives: '`true`' },
    },
    {
      as: 'exported',
      when: `${lookUp(textFormats, 'format')} && ${offered}`,
      method: 'GET',
      path: '/drive/v3/files/{file_id}/export',
      query: { mimeType: lookUp(formats, 'format') },
      answer: 'text',
    },
  ],
  output: `let $type = ${lookUp(formats, 'format')} in {file_id: file.id, name: file.name, type: file.mimeType, format: $type,
    text: cut(exported, max_characters),
    download_link: exported == \`null\` ? items(file.exportLinks || \`{}\`)[?[0] == $type] | [0][1] : \`null\`,
    note: !${offered} ? (file.exportLinks ? 'This file has no such format.' : 'Only files of Google Docs, Sheets, Slides and Drawings can be exported: use read_file.') : \`null\`}`,
}

export const googleDriveTools: Tool[] = [searchFiles, readFile, exportFile]
