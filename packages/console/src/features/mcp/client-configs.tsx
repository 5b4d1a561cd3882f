import { type ClientName, clientConfigs, clientNames } from '@grantry/api/mcp-client-configs'
import type { McpServer } from '@grantry/sdk/transport'
import { Anchor, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyBlock } from '../../parts/copy.tsx'
import { Section } from '../../parts/section.tsx'
import { useMay } from '../../session.tsx'

/** Stands where a key belongs: none is ever shown here. */
const placeholder = 'YOUR_API_KEY'

/** What MCP clients are told to use a server, ready to be copied. */
export function ClientConfigs({ server }: { server: McpServer }) {
  const [client, setClient] = useState<ClientName>('claude-code')
  const [way, setWay] = useState('oauth')
  const keys = useMay('admin')
  const entry = {
    name: `grantry-${server.mcp_server}`,
    url: server.mcp_url,
    key: way === 'key' ? placeholder : null,
  }
  return (
    <Section
      title="Connect a client"
      sentence="Clients that know OAuth need the address only, and sign the person in."
    >
      <SegmentedControl
        aria-label="How the client signs in"
        value={way}
        onChange={setWay}
        data={[
          { value: 'oauth', label: 'A person signs in' },
          { value: 'key', label: 'An API key' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {way === 'key' && (
        <Text>
          Put a key with <code>{server.access_type === 'read' ? 'mcp:read' : 'mcp:write'}</code> in place of{' '}
          <code>{placeholder}</code>.{' '}
          {keys ? (
            <Anchor renderRoot={(props) => <Link to="/keys" {...props} />}>Make an API key</Anchor>
          ) : (
            'Owners and admins make keys.'
          )}
        </Text>
      )}
      <Tabs value={client} onChange={(name) => setClient(name as ClientName)} keepMounted={false}>
        <Tabs.List mb="md">
          {clientNames.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {shortTitle(clientConfigs[name].title)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {clientNames.map((name) => (
          <Tabs.Panel key={name} value={name}>
            <Stack gap="xs">
              <Text c="dimmed">{sentence(clientConfigs[name].where)}</Text>
              <CopyBlock text={clientConfigs[name].text(entry)} what="configuration" />
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  )
}

/** Without what explains it. */
const shortTitle = (title: string) => title.split(',')[0]!
const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}:`
