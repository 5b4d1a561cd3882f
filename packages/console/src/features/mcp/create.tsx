import { SegmentedControl, Stack } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { useMay } from '../../session.tsx'
import { CreateByLink } from './create-by-link.tsx'
import { CreateOver } from './create-over.tsx'

/** An MCP server over a connection, or over an account that somebody is still to connect. */
export default function CreateMcpServer() {
  const { connection } = useSearch({ from: '/mcp-servers/new' })
  const [way, setWay] = useState('over')
  return (
    <Page title="New MCP server" sentence="It hands one account to AI agents, as tools.">
      {useMay('mcp:manage') ? (
        <Stack gap="lg" maw="44rem">
          <SegmentedControl
            aria-label="Whose account"
            value={way}
            onChange={setWay}
            data={[
              { value: 'over', label: 'Connected account' },
              { value: 'link', label: 'New account' },
            ]}
          />
          {way === 'over' ? <CreateOver given={connection} /> : <CreateByLink />}
        </Stack>
      ) : (
        <Empty title="Your role makes no MCP servers">
          Ask an owner or an admin of this workspace for the role of a developer.
        </Empty>
      )}
    </Page>
  )
}
