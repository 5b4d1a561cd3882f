import type { McpServer, McpServerToolTool } from '@grantry/sdk/transport'
import { Accordion, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { useClient } from '../../session.tsx'
import { AccessMark } from './access.tsx'
import style from './tools.module.css'
import { TryTool } from './try-tool.tsx'

/** What the server can do, and a place to try each of it. */
export function Tools({ server }: { server: McpServer }) {
  const client = useClient()
  const query = useQuery({
    queryKey: ['mcp-servers', 'tools', server.id],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await client.mcpServers.tools(server.id, { signal })).tools,
  })
  return (
    <Section
      title="Tools"
      sentence="What a client is offered. Open one to see what it takes, and to run it with the connected account."
    >
      <Loaded query={query}>
        {(tools) =>
          tools.length === 0 ? (
            <Text c="dimmed">
              None. This service has no tools that only read: an MCP server that may write has one for any
              request.
            </Text>
          ) : (
            <Accordion
              variant="contained"
              order={3}
              keepMounted={false}
              chevronIconSize={16}
              transitionDuration={120}
              classNames={{ item: style.tool }}
            >
              {tools.map((tool) => (
                <Item key={tool.name} server={server} tool={tool} />
              ))}
            </Accordion>
          )
        }
      </Loaded>
    </Section>
  )
}

function Item({ server, tool }: { server: McpServer; tool: McpServerToolTool }) {
  return (
    <Accordion.Item value={tool.name}>
      <Accordion.Control>
        <Group justify="space-between" gap="xs" pr="xs">
          <Group gap="sm">
            <Text fw={500}>{tool.title}</Text>
            <Text span c="dimmed" className="mono">
              {tool.name}
            </Text>
          </Group>
          <AccessMark access={tool.access} destructive={tool.destructive} />
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack>
          <Text maw="60ch">{tool.description}</Text>
          <TryTool server={server} tool={tool} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  )
}
