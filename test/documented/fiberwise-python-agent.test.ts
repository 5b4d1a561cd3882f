import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, connectAccount } from '../support/connecting.ts'
import { startTestGrantry, type TestGrantry } from '../support/grantry.ts'
import { findPython } from '../support/python.ts'
import { runProgram } from '../support/shell.ts'

// The Python agent of Fiberwise's "OAuth API" page. Changed are the name of the module and of its class, and where Gmail
// is: at the sandbox, for the real google-api-python-client.
const documented = `from fiberwise_sdk import FiberAgent

class EmailAgent(FiberAgent):
    def __init__(self):
        super().__init__()
        self.oauth = self.get_oauth_provider()

    def process(self, input_data):
        # Get Gmail credentials
        gmail_creds = self.oauth.get_credentials("gmail")

        if not gmail_creds:
            return {"error": "Gmail not authenticated"}

        # Use credentials with Gmail API
        import googleapiclient.discovery
        service = googleapiclient.discovery.build(
            'gmail', 'v1', credentials=gmail_creds
        )

        # List recent emails
        results = service.users().messages().list(
            userId='me', maxResults=10
        ).execute()

        return {
            "message_count": len(results.get('messages', [])),
            "authenticated": True
        }
`

// Google's client carries its own description of Gmail, whose root it calls.
const elsewhere = `import os
import googleapiclient.discovery_cache as descriptions
described = descriptions.get_static_doc
descriptions.get_static_doc = lambda *which: described(*which).replace(
    "https://gmail.googleapis.com/", os.environ["GMAIL_ROOT"]
)
`

// Runs the agent for each line of input, which names the end user.
const drive = `import json, sys
for line in sys.stdin:
    os.environ["GRANTRY_END_USER"] = json.loads(line)
    print(json.dumps(EmailAgent().process({})), flush=True)
`

const python = await findPython()

describe.skipIf('missing' in python)("Fiberwise's Python agent as documented", () => {
  let grantry: TestGrantry
  beforeAll(async () => {
    grantry = await startTestGrantry()
    const { id: integration } = await addSandboxIntegration(grantry, 'gmail')
    await connectAccount(grantry, { integration, access_type: 'read', end_user: { id: 'ada' } })
    await connectAccount(grantry, { integration, access_type: 'read' }, 'grace@example.com')
  })
  afterAll(() => grantry?.close())

  test('lists messages with google-api-python-client, and says so where nobody has connected Gmail', async () => {
    const agent = documented.replaceAll('fiberwise_sdk', 'grantry').replaceAll('FiberAgent', 'Agent')
    const { stdout, stderr } = await runProgram(
      'path' in python ? python.path : '',
      ['-c', `${elsewhere}\n${agent}\n${drive}`],
      {
        // An empty name is none: the workspace's own connection.
        input: ['ada', 'nobody', ''].map((name) => `${JSON.stringify(name)}\n`).join(''),
        env: {
          PYTHONPATH: 'python/src',
          PYTHONDONTWRITEBYTECODE: '1',
          GRANTRY_URL: grantry.url,
          GRANTRY_API_KEY: grantry.apiKey,
          GMAIL_ROOT: `${grantry.sandbox!.url}/gmail/`,
        },
      },
    )
    expect({
      stderr,
      told: stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    }).toEqual({
      stderr: '',
      told: [
        { message_count: 4, authenticated: true },
        { error: 'Gmail not authenticated' },
        { message_count: 4, authenticated: true },
      ],
    })
    const calls = grantry.sandbox!.control.calls({ endpoint: 'api' })
    expect(calls.map(({ path, status }) => [path, status])).toEqual([
      ['/gmail/gmail/v1/users/me/messages', 200],
      ['/gmail/gmail/v1/users/me/messages', 200],
    ])
  })
})
