import { Page } from '../../parts/page.tsx'

export default function McpServers() {
  return <Page title="MCP servers">{null}</Page>
}
