import type { IdentityProvider } from '@grantry/sdk/transport'
import { Checkbox, PasswordInput, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'

const audiences = [
  { value: 'members', label: 'Members', what: 'People of your company sign in to this console' },
  { value: 'end_users', label: 'End users', what: 'Your users; the provider’s “sub” is the end user’s id' },
] as const

/** Adds an OpenID provider, or changes one. Its issuer is asked for its addresses when this is saved. */
export function SaveIdentityProvider({
  provider,
  onClose,
  onSaved,
}: {
  /** null: a new one. */
  provider: IdentityProvider | null
  onClose: () => void
  onSaved: (provider: IdentityProvider) => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const form = useForm({
    initialValues: {
      label: provider?.label ?? '',
      issuer: provider?.issuer ?? '',
      audience: provider?.audience ?? ('members' as 'members' | 'end_users'),
      client_id: provider?.client_id ?? '',
      client_secret: '',
      isPublic: provider ? !provider.has_client_secret : false,
      scopes: (provider?.scopes ?? ['email', 'profile']).join(' '),
    },
  })
  const save = useSave(
    form,
    ({ label, issuer, audience, client_id, client_secret, isPublic, scopes }) => {
      const settings = {
        label: label.trim(),
        client_id: client_id.trim(),
        scopes: scopes.split(/[\s,]+/).filter(Boolean),
        // Empty: what is stored stays.
        ...(isPublic ? { client_secret: null } : client_secret ? { client_secret } : {}),
      }
      return provider
        ? client.identityProviders.update(provider.id, settings)
        : client.identityProviders.create({ ...settings, issuer: issuer.trim(), audience })
    },
    (saved) => {
      onSaved(saved)
      return Promise.all(
        ['identity-providers', 'account'].map((noun) => queries.invalidateQueries({ queryKey: [noun] })),
      )
    },
  )
  const { isPublic } = form.values
  return (
    <FormDialog
      opened
      title={provider ? provider.label : 'Add an OpenID provider'}
      action={provider ? 'Save' : 'Add provider'}
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
      noValidate
      size="lg"
    >
      {provider && (
        <Facts
          facts={[
            ['Issuer', <Copyable key="issuer" text={provider.issuer} what="issuer" />],
            ['Signs in', audiences.find(({ value }) => value === provider.audience)!.label],
            ['Redirect URI', <Copyable key="uri" text={provider.redirect_uri} what="redirect URI" />],
          ]}
        />
      )}
      <TextInput
        label="Label"
        description="What the button says after “Sign in with”."
        required
        maxLength={60}
        data-autofocus
        {...form.getInputProps('label')}
      />
      {!provider && (
        <>
          <TextInput
            label="Issuer"
            description="Exactly as the provider writes it. Its addresses are read from there."
            placeholder="https://id.example.com"
            required
            {...form.getInputProps('issuer')}
          />
          <Radio.Group label="Who signs in there" {...form.getInputProps('audience')}>
            <Stack gap="sm" mt="xs">
              {audiences.map(({ value, label, what }) => (
                <Radio key={value} value={value} label={label} description={what} />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
      <TextInput label="Client id" required autoComplete="off" {...form.getInputProps('client_id')} />
      <PasswordInput
        label="Client secret"
        description={
          provider?.has_client_secret
            ? 'Leave it empty to keep the one that is stored; it is not shown.'
            : undefined
        }
        disabled={isPublic}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the client secret' }}
        {...form.getInputProps('client_secret')}
      />
      <Checkbox
        label="The client has no secret (PKCE alone)"
        {...form.getInputProps('isPublic', { type: 'checkbox' })}
      />
      <TextInput
        label="Scopes"
        description="Besides openid, with spaces between."
        {...form.getInputProps('scopes')}
      />
    </FormDialog>
  )
}
