/** What a client is told: where the server is, by what name, and a key where it does not sign in by OAuth. */
export type Entry = { name: string; url: string; key: string | null }

/** A client's configuration: the text, and where it belongs. */
export type ClientConfig = { title: string; where: string; text: (entry: Entry) => string }

const json = (value: unknown) => JSON.stringify(value, null, 2)
const bearer = (key: string) => `Bearer ${key}`
const headersOf = ({ key }: Entry) => (key === null ? {} : { headers: { Authorization: bearer(key) } })

/** Shells take it as one word, whatever is in it: addresses are as the server says them. */
const quoted = (text: string) => (/^[\w:/.@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

// biome-ignore lint/suspicious/noTemplateCurlyInString: mcp-remote fills it in
const fromEnvironment = 'Authorization:${AUTH_HEADER}'

export const clientConfigs = {
  'claude-code': {
    title: 'Claude Code',
    where: 'run this',
    text: ({ name, url, key }) =>
      [
        `claude mcp add --transport http ${quoted(name)} ${quoted(url)}`,
        ...(key === null ? [] : [`--header ${quoted(`Authorization: ${bearer(key)}`)}`]),
      ].join(' '),
  },
  'claude-desktop': {
    title: 'Claude Desktop',
    where: 'claude_desktop_config.json (Settings › Developer › Edit config)',
    text: ({ name, url, key }) =>
      json({
        mcpServers: {
          [name]: {
            command: 'npx',
            // The header goes by the environment: a space in an argument is lost on the way on some systems.
            args: ['-y', 'mcp-remote', url, ...(key === null ? [] : ['--header', fromEnvironment])],
            ...(key === null ? {} : { env: { AUTH_HEADER: bearer(key) } }),
          },
        },
      }),
  },
  cursor: {
    title: 'Cursor',
    where: '~/.cursor/mcp.json, or .cursor/mcp.json of a project',
    text: (entry) => json({ mcpServers: { [entry.name]: { url: entry.url, ...headersOf(entry) } } }),
  },
  vscode: {
    title: 'VS Code',
    where: '.vscode/mcp.json',
    text: (entry) =>
      json({ servers: { [entry.name]: { type: 'http', url: entry.url, ...headersOf(entry) } } }),
  },
  'mcp-remote': {
    title: 'mcp-remote, for clients that only start programs',
    where: 'run this',
    // It runs for as long as its client does: the key must not stand in the process list all the while.
    text: ({ url, key }) =>
      [
        ...(key === null ? [] : [`AUTH_HEADER=${quoted(bearer(key))}`]),
        `npx -y mcp-remote ${quoted(url)}`,
        ...(key === null ? [] : [`--header ${quoted(fromEnvironment)}`]),
      ].join(' '),
  },
  inspector: {
    title: 'MCP Inspector',
    where: 'run this; it lists the tools',
    text: ({ url, key }) =>
      [
        `npx -y @modelcontextprotocol/inspector --cli ${quoted(url)} --transport http --method tools/list`,
        ...(key === null ? [] : [`--header ${quoted(`Authorization: ${bearer(key)}`)}`]),
      ].join(' '),
  },
  json: {
    title: 'Any other client',
    where: 'what it needs to know; its own documentation says where it belongs',
    text: (entry) => json({ name: entry.name, type: 'http', url: entry.url, ...headersOf(entry) }),
  },
} as const satisfies Record<string, ClientConfig>

export type ClientName = keyof typeof clientConfigs
export const clientNames = Object.keys(clientConfigs) as ClientName[]
