import type { Connection } from '@grantry/sdk/transport'
import { Anchor, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../parts/loaded.tsx'
import { useClient, useMay } from '../../session.tsx'

/** The MCP servers that stand on a connection. */
export function ServersOver({ connection }: { connection: Connection }) {
  const client = useClient()
  const may = useMay('mcp:read')
  const query = useQuery({
    queryKey: ['mcp-servers', 'over', connection.id],
    enabled: may,
    queryFn: async ({ signal }) =>
      await client.mcpServers.instances({ connection: connection.id, limit: 200 }, { signal }),
  })
  if (!may) return null
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2}>MCP servers over it</Title>
        <Loaded query={query}>
          {({ data: servers }) =>
            servers.length === 0 ? (
              <Text c="dimmed">None. An MCP server hands the account to an AI agent, as tools.</Text>
            ) : (
              <List>
                {servers.map(({ id, mcp_server_name, access_type }) => (
                  <List.Item key={id}>
                    <Anchor renderRoot={(props) => <Link {...props} to="/mcp-servers/$id" params={{ id }} />}>
                      {mcp_server_name}, {access_type === 'read' ? 'reading' : 'reading and writing'}
                    </Anchor>
                  </List.Item>
                ))}
              </List>
            )
          }
        </Loaded>
      </Stack>
    </Paper>
  )
}
