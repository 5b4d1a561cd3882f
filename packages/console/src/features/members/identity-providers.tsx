import type { IdentityProvider } from '@grantry/sdk/transport'
import { Button, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Actions } from '../../parts/actions.tsx'
import { Ask } from '../../parts/ask.tsx'
import { CopyBlock } from '../../parts/copy.tsx'
import { Empty } from '../../parts/empty.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { useClient, useSession } from '../../session.tsx'
import { SaveIdentityProvider } from './save-identity-provider.tsx'

type Doing = { what: 'save' | 'tell' | 'remove'; provider: IdentityProvider } | { what: 'add' } | null

/** OpenID providers where people of the workspace sign in. */
export function IdentityProviders() {
  const client = useClient()
  const queries = useQueryClient()
  const [doing, setDoing] = useState<Doing>(null)
  const done = () => setDoing(null)
  const query = useList<IdentityProvider>(['identity-providers', 'list'], (page, signal) =>
    client.identityProviders.list(page, { signal }),
  )
  const columns: Column<IdentityProvider>[] = [
    { head: 'Provider', cell: ({ label }) => <span title={label}>{label}</span> },
    { head: 'Issuer', cell: ({ issuer }) => <span title={issuer}>{issuer}</span>, wide: true },
    {
      head: 'Signs in',
      cell: ({ audience }) => (audience === 'members' ? 'members' : 'end users'),
      width: '8rem',
    },
    {
      head: 'Actions',
      width: '6rem',
      cell: (provider) => (
        <Actions
          of={provider.label}
          actions={[
            { label: 'Addresses …', onClick: () => setDoing({ what: 'tell', provider }) },
            { label: 'Change …', onClick: () => setDoing({ what: 'save', provider }) },
            { label: 'Remove …', onClick: () => setDoing({ what: 'remove', provider }), danger: true },
          ]}
        />
      ),
    },
  ]
  const removing = doing?.what === 'remove' ? doing.provider : null
  return (
    <Section
      title="Sign-in at your own provider"
      sentence="Where your company has an OpenID provider, people sign in there instead of by a password here."
      action={
        <Button variant="default" onClick={() => setDoing({ what: 'add' })}>
          Add a provider
        </Button>
      }
    >
      <Rows
        label="OpenID providers"
        query={query}
        columns={columns}
        empty={
          <Empty title="No OpenID provider">
            Members sign in by e-mail and password. Add your company’s provider to let them sign in there, or
            your product’s to know your end users.
          </Empty>
        }
      />
      {(doing?.what === 'add' || doing?.what === 'save') && (
        <SaveIdentityProvider
          provider={doing.what === 'save' ? doing.provider : null}
          onClose={done}
          onSaved={(provider) => {
            if (doing.what === 'add') return setDoing({ what: 'tell', provider })
            done()
            tell(`${provider.label} is saved.`)
          }}
        />
      )}
      {doing?.what === 'tell' && <Addresses provider={doing.provider} onClose={done} />}
      <Ask
        opened={removing !== null}
        onClose={done}
        title="Remove this provider?"
        action="Remove provider"
        typed={removing?.label ?? ''}
        onConfirm={async () => {
          await client.identityProviders.delete(removing!.id)
          tell(`${removing!.label} is removed. Who was signed in by it is signed out.`)
          await queries.invalidateQueries({ queryKey: ['identity-providers'] })
        }}
      >
        Who is signed in by it is signed out, and accounts that are linked with it no longer open Grantry.
        Members without a password have no way in left.
      </Ask>
    </Section>
  )
}

/** What has to be known elsewhere for people to sign in at this provider. */
function Addresses({ provider, onClose }: { provider: IdentityProvider; onClose: () => void }) {
  const { workspace } = useSession()
  const suffix = provider.audience === 'end_users' ? '&as=end_user' : ''
  return (
    <Modal opened onClose={onClose} title={`Addresses of ${provider.label}`} size="lg">
      <Stack>
        <Text>Register this redirect URI at the provider, character by character:</Text>
        <CopyBlock text={provider.redirect_uri} what="redirect URI" />
        <Text>Its button is on the sign-in page of this workspace. Give people this link:</Text>
        <CopyBlock
          text={`${location.origin}/sign-in?workspace=${workspace.id}${suffix}`}
          what="sign-in link"
        />
        {provider.audience === 'members' && (
          <Text c="dimmed" size="sm">
            A member is known there once they have joined by it, or linked it under “Your account”. The same
            e-mail address is not enough.
          </Text>
        )}
        <Button onClick={onClose}>Done</Button>
      </Stack>
    </Modal>
  )
}
