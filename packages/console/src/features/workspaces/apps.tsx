import { Stack, Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../parts/page.tsx'
import { useMay } from '../../session.tsx'
import { ListClients } from '../authorization-server/list-clients.tsx'
import { ListGrants } from '../authorization-server/list-grants.tsx'
import { ListRegistrationTokens } from '../authorization-server/list-registration-tokens.tsx'
import type { AppsTab } from './apps-tab.ts'
import { ListApps } from './list-apps.tsx'

type Tab = { tab: AppsTab; label: string; panel: ReactNode }

/** What stands between this workspace and the programs around it: apps divide it, clients reach it, people allow them. */
export default function Apps() {
  const admin = useMay('admin')
  const registers = useMay('clients:write')
  const { tab: asked } = useSearch({ from: '/apps' })
  const navigate = useNavigate()
  const all: (Tab | false)[] = [
    admin && { tab: 'apps', label: 'Apps', panel: <ListApps /> },
    registers && {
      tab: 'clients',
      label: 'OAuth clients',
      panel: (
        <Stack gap="xl">
          <ListClients />
          {admin && <ListRegistrationTokens />}
        </Stack>
      ),
    },
    { tab: 'authorized', label: 'Authorised apps', panel: <ListGrants /> },
  ]
  const tabs = all.filter((each) => each !== false)
  const shown = tabs.find(({ tab }) => tab === asked) ?? tabs[0]!
  return (
    <Page
      title="Apps and clients"
      sentence="Apps divide the workspace, OAuth clients reach it, and people say what each client may do."
    >
      <Tabs
        value={shown.tab}
        keepMounted={false}
        onChange={(tab) => navigate({ to: '/apps', search: { tab: tab as AppsTab }, replace: true })}
      >
        <Tabs.List mb="lg">
          {tabs.map(({ tab, label }) => (
            <Tabs.Tab key={tab} value={tab}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ tab, panel }) => (
          <Tabs.Panel key={tab} value={tab}>
            {panel}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
