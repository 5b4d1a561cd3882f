import { google, googleAlways, googleProvenance } from './google.ts'
import type { Provider } from './provider.ts'
import { googleDriveTools } from './tools/google-drive.ts'

export const googleDrive: Provider = {
  ...google,
  name: 'google-drive',
  display_name: 'Google Drive',
  category: 'files',
  docs_url: 'https://developers.google.com/workspace/drive/api/guides/about-sdk',
  // Calls are below /drive/v3, uploads below /upload/drive/v3.
  api: { base_url: 'https://www.googleapis.com' },
  scopes: {
    read: [
      {
        scope: 'https://www.googleapis.com/auth/drive.readonly',
        sentence: 'See and download all the files in your Google Drive.',
      },
    ],
    write: [
      {
        scope: 'https://www.googleapis.com/auth/drive',
        sentence: 'See, add, change, share and delete all the files in your Google Drive.',
      },
    ],
    always: googleAlways,
  },
  tools: googleDriveTools,
  notes:
    'Both are restricted scopes: an app for the public passes a verification at Google first; drive.file, for the files that the app made or was handed, needs none. ' +
    'While the consent screen is in testing, refresh tokens end after 7 days.',
  provenance: [
    ...googleProvenance,
    'https://developers.google.com/workspace/drive/api/guides/api-specific-auth',
  ],
}
