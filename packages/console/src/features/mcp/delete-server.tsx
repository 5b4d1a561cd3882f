import type { McpServer } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ask } from '../../parts/ask.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'

export function DeleteServer({ server }: { server: McpServer }) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure()
  const name = server.mcp_server_name
  return (
    <Section
      title="Delete it"
      sentence="Its address answers no more. A connection that was made for it ends too; one that was there before stays."
      action={
        <Button color="red" variant="outline" onClick={open}>
          Delete MCP server
        </Button>
      }
    >
      <Ask
        opened={opened}
        onClose={close}
        title="Delete this MCP server?"
        action="Delete MCP server"
        typed={name}
        onConfirm={async () => {
          await client.mcpServers.delete(server.id)
          tell(`The MCP server for ${name} is deleted.`)
          await navigate({ to: '/mcp-servers' })
          queries.removeQueries({ queryKey: ['mcp-servers', 'one', server.id] })
          await queries.invalidateQueries({ queryKey: ['mcp-servers'] })
          await queries.invalidateQueries({ queryKey: ['connections'] })
        }}
      >
        Clients that use its address are refused at once. This cannot be undone.
      </Ask>
    </Section>
  )
}
