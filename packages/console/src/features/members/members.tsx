import { Button, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { OnlyAdmins } from '../../parts/only-admins.tsx'
import { Page } from '../../parts/page.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { Section } from '../../parts/section.tsx'
import { useMay } from '../../session.tsx'
import { IdentityProviders } from './identity-providers.tsx'
import { InvitationList } from './invitation-list.tsx'
import { Invite } from './invite.tsx'
import { MemberList } from './member-list.tsx'

/** Who signs in to the console, who may, and how. */
export default function Members() {
  const [inviting, { open, close }] = useDisclosure()
  const [made, setMade] = useState<{ email: string; link: string } | null>(null)
  return (
    <Page
      title="Members"
      sentence="Members sign in to this console. What each may do is their role."
      action={useMay('admin') && <Button onClick={open}>Invite a member</Button>}
    >
      <OnlyAdmins what="Members">
        <Stack gap="xl">
          <MemberList />
          <Section title="Invitations" sentence="A link works once, for 7 days.">
            <InvitationList />
          </Section>
          <IdentityProviders />
        </Stack>
        <Invite
          opened={inviting}
          onClose={close}
          onMade={({ email, link }) => setMade({ email: email ?? '', link })}
        />
        <SecretOnce
          title={`The invitation of ${made?.email}`}
          secret={made?.link ?? null}
          what="invitation link"
          hint="Send this link to the person by a way you trust. Whoever opens it first joins; it works once, for 7 days."
          onClose={() => setMade(null)}
        />
      </OnlyAdmins>
    </Page>
  )
}
