import { SECRET_MARK } from '../secret-mark.ts'
import { gmailRoutes } from './gmail-api.ts'
import { seedMailbox } from './gmail-mailbox.ts'
import { googleTable, googleScope as scope } from './google.ts'

/** Gmail. Facts from developers.google.com/gmail/api/reference/rest. */
export const gmail = googleTable({
  name: 'gmail',
  display_name: 'Gmail',
  client: {
    client_id: '104729000000-sandbox.apps.googleusercontent.com',
    client_secret: `GOCSPX-${SECRET_MARK}-gmail-client`,
  },
  scopes: {
    'https://mail.google.com/': { sentence: 'Read, write, send and permanently delete all your email' },
    [scope('gmail.readonly')]: { sentence: 'Read your email messages and settings' },
    [scope('gmail.modify')]: { sentence: 'Read, write and send email' },
    [scope('gmail.compose')]: { sentence: 'Manage drafts and send email' },
    [scope('gmail.send')]: { sentence: 'Send email as you' },
    [scope('gmail.insert')]: { sentence: 'Put messages into your mailbox' },
    [scope('gmail.labels')]: { sentence: 'See and edit your labels' },
    [scope('gmail.metadata')]: { sentence: 'See headers and labels of your messages, but not their text' },
    [scope('gmail.settings.basic')]: { sentence: 'See and edit your mail settings and filters' },
  },
  routes: gmailRoutes,
  seed: seedMailbox,
  api_path: '',
})
