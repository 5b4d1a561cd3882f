import { google, googleAlways, googleProvenance } from './google.ts'
import type { Provider } from './provider.ts'
import { gmailReadTools } from './tools/gmail-read.ts'
import { gmailWriteTools } from './tools/gmail-write.ts'

export const gmail: Provider = {
  ...google,
  name: 'gmail',
  display_name: 'Gmail',
  category: 'email',
  docs_url: 'https://developers.google.com/workspace/gmail/api/guides',
  api: { base_url: 'https://gmail.googleapis.com' },
  scopes: {
    read: [
      {
        scope: 'https://www.googleapis.com/auth/gmail.readonly',
        sentence: 'Read your emails, attachments and labels.',
      },
    ],
    write: [
      {
        scope: 'https://www.googleapis.com/auth/gmail.modify',
        sentence:
          'Read, write, send and sort your emails, and move them to the trash, but never delete them for good.',
      },
    ],
    always: googleAlways,
  },
  tools: [...gmailReadTools, ...gmailWriteTools],
  notes:
    'gmail.readonly and gmail.modify are restricted scopes: an app for the public passes a verification at Google first. ' +
    'While the consent screen is in testing, refresh tokens end after 7 days. A changed password ends them too.',
  provenance: [...googleProvenance, 'https://developers.google.com/workspace/gmail/api/auth/scopes'],
}
