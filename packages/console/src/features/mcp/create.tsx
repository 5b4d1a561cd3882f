import { Page } from '../../parts/page.tsx'

export default function CreateMcpServer() {
  return <Page title="New MCP server">{null}</Page>
}
