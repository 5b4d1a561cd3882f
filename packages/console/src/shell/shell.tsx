import {
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { ChevronsUpDown } from 'lucide-react'
import { useEffect } from 'react'
import { useSession } from '../session.tsx'
import { navigation } from './navigation.ts'
import { signOut } from './sign-out.ts'

/** Navigation at the left in the order of work, who is signed in below it, the page at the right. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  const { scopes, workspace } = useSession()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a phone's menu closes when another page is there
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: { base: 48, sm: 0 } }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
      transitionDuration={0}
    >
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm">
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label={opened ? 'Close navigation' : 'Open navigation'}
            aria-expanded={opened}
          />
          <Text fw={600} truncate>
            {workspace.name}
          </Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <AppShell.Section visibleFrom="sm" px="sm" pb="sm">
          <Text fw={600} truncate title={workspace.name}>
            {workspace.name}
          </Text>
          <Text size="xs" c="dimmed">
            Grantry
          </Text>
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea}>
          {navigation.map(({ group, pages }) => {
            const mine = pages.filter(({ scope }) => !scope || scopes.includes(scope))
            return (
              <section key={group ?? 'first'} aria-label={group ?? 'Work'}>
                {group && mine.length > 0 && (
                  <Text size="xs" c="dimmed" px="sm" pt="md" pb={4}>
                    {group}
                  </Text>
                )}
                {mine.map(({ to, label, Icon }) => (
                  <NavLink
                    key={to}
                    component={Link}
                    to={to}
                    label={label}
                    leftSection={<Icon size={16} aria-hidden="true" />}
                    active={to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)}
                    style={{ borderRadius: 8 }}
                  />
                ))}
              </section>
            )
          })}
        </AppShell.Section>
        <AppShell.Section>
          <Person />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1} maw={1280}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}

function Person() {
  const { member, csrf } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="top-start" width={208}>
      <Menu.Target>
        <UnstyledButton w="100%" px="sm" py="xs">
          <Group justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text truncate>
                <span className="unseen">Your account: </span>
                {member.name ?? member.email}
              </Text>
              <Text size="xs" c="dimmed">
                {member.role}
              </Text>
            </div>
            <ChevronsUpDown size={14} aria-hidden="true" />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/your-account">
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
            fw={colorScheme === scheme ? 600 : 400}
          >
            {schemes[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => signOut(csrf)}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const schemes = { auto: 'As the system', light: 'Light', dark: 'Dark' }
