import { SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core'
import { Page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { useSession } from '../../session.tsx'
import { ChangePassword } from './change-password.tsx'
import { LinkedAccounts } from './linked-accounts.tsx'
import { OwnName } from './own-name.tsx'
import { OwnSessions } from './own-sessions.tsx'

/** What belongs to the person who is signed in. */
export default function YourAccount() {
  const { member } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Page title="Your account" sentence={`You are signed in as ${member.email}.`}>
      <Stack gap={48} maw="44rem">
        <Section title="You">
          <OwnName />
        </Section>
        <Section
          title="Password"
          sentence={
            member.has_password
              ? 'A new password signs you out everywhere but here.'
              : 'You sign in at an outside provider and have no password here. You may set one.'
          }
        >
          <ChangePassword />
        </Section>
        <Section title="Sessions" sentence="Where you are signed in.">
          <OwnSessions />
        </Section>
        <LinkedAccounts />
        <Section title="Appearance" sentence="Of the console, in this browser.">
          <SegmentedControl
            aria-label="Appearance"
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as 'auto' | 'light' | 'dark')}
            data={[
              { value: 'auto', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            style={{ alignSelf: 'flex-start' }}
          />
        </Section>
      </Stack>
    </Page>
  )
}
