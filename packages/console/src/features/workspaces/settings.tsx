import { Stack } from '@mantine/core'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { Section } from '../../parts/section.tsx'
import { useMay } from '../../session.tsx'
import { AddressRows } from './address-rows.tsx'
import { Branding } from './branding.tsx'
import { DirectLinks } from './direct-links.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { judgeOrigin, judgeReturnUrl } from './judge-address.ts'
import { PlanSettings } from './plan-settings.tsx'
import { useUpdateWorkspace, useWorkspace } from './use-workspace.ts'

/** What holds for the whole workspace. */
export default function Settings() {
  const query = useWorkspace()
  const mayChange = useMay('admin')
  const { update, tellOf } = useUpdateWorkspace()
  return (
    <Page
      title="Workspace"
      sentence={
        mayChange ? 'What holds for all of it.' : 'What holds for all of it. Owners and admins change it.'
      }
    >
      <Loaded query={query}>
        {(workspace) => (
          <Stack gap={48} maw="44rem">
            <Section title="General">
              <GeneralSettings workspace={workspace} />
            </Section>
            <Section
              title="Branding"
              sentence="How the pages look where your end users connect their accounts."
            >
              <Branding workspace={workspace} />
            </Section>
            <Section
              title="Allowed origins"
              sentence="The connect popup tells its result to pages of these origins and to no other."
            >
              <AddressRows
                what="origin"
                field="allowed_origins"
                addresses={workspace.allowed_origins}
                placeholder="https://app.example.com"
                none="No origin yet: the popup tells nobody. Add the origin of the page with your connect button."
                mayChange={mayChange}
                judge={judgeOrigin}
                save={async (allowed_origins) => (await update({ allowed_origins })).allowed_origins}
                onSaved={(allowed_origins) => tellOf('The allowed origins are saved.', { allowed_origins })}
              />
            </Section>
            <Section
              title="Return addresses"
              sentence="After connecting, people are sent back to one of these exact addresses. Pages of Grantry itself need no entry."
            >
              <AddressRows
                what="return address"
                field="return_urls"
                addresses={workspace.return_urls}
                placeholder="https://app.example.com/settings"
                none="None yet: sessions with a return_to elsewhere are refused."
                mayChange={mayChange}
                judge={judgeReturnUrl}
                save={async (return_urls) => (await update({ return_urls })).return_urls}
                onSaved={(return_urls) => tellOf('The return addresses are saved.', { return_urls })}
              />
            </Section>
            <Section
              title="Direct links"
              sentence="Before a connection is made, Grantry makes sure that who consents is the end user. Direct links skip that."
            >
              <DirectLinks workspace={workspace} />
            </Section>
            <Section
              title="Plan"
              sentence="What this workspace may have at most, and what is turned on in it."
            >
              <PlanSettings workspace={workspace} />
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
