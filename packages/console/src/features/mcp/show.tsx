import { Page } from '../../parts/page.tsx'

export default function ShowMcpServer() {
  return <Page title="MCP server">{null}</Page>
}
