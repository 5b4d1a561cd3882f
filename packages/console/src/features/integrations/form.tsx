import type { Integration, Provider } from '@grantry/sdk/transport'
import { Button, Checkbox, Group, Paper, Radio, Stack, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useEffect, useState } from 'react'
import { wordsOf } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { checkValues } from './check-values.ts'
import { EndpointFields } from './endpoint-fields.tsx'
import type { Values } from './form-values.ts'
import { FromIssuer } from './from-issuer.tsx'
import { everyGrantType, grantTypes, isGrantType } from './grant-types.ts'
import { MoreFields } from './more-fields.tsx'
import { RedirectUri } from './redirect-uri.tsx'
import { Refusal } from './refusal.tsx'
import { ScopeField } from './scope-field.tsx'
import { SecretField } from './secret-field.tsx'
import { useRedirectUri } from './use-redirect-uri.ts'

/**
 * The form of an integration, whose fields follow the grant type. What the server refuses is told at its field; secrets
 * go in and are forgotten when the form is left.
 */
export function IntegrationForm({
  begin,
  provider,
  stored,
  onSave,
  onCancel,
}: {
  begin: Values
  provider: Provider | null
  /** The one that is changed; null for a new one. */
  stored: Integration | null
  onSave: (values: Values, validate: boolean) => Promise<unknown>
  onCancel: () => void
}) {
  const form = useForm<Values>({
    initialValues: begin,
    validate: (values) => checkValues(values, { isGeneric: provider === null, stored }),
  })
  const [supported, setSupported] = useState<string[] | null>(null)
  const [validate, setValidate] = useState(true)
  const [more, { toggle: toggleMore, open: openMore }] = useDisclosure()
  const redirect = useRedirectUri(provider, form.values, begin)
  const kept = redirect.kept ?? ''
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form's functions are new each time
  useEffect(() => {
    form.setFieldValue('redirect_uri', kept)
  }, [kept])
  const save = useSave(
    form,
    (values) => onSave(values, validate),
    () => {},
    fieldOf,
  )
  const show = (fields: string[]) => {
    if (fields.some((field) => inMore.includes(field))) openMore()
    const first = fields[0]
    if (first) form.getInputNode(first)?.focus()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each refusal
  useEffect(() => {
    if (save.error) show(wordsOf(save.error).errors.map(({ path }) => fieldOf(path)))
  }, [save.error])
  const { grant_type } = form.values
  const name = provider?.name ?? 'the provider'
  return (
    <form
      noValidate
      autoComplete="off"
      onSubmit={form.onSubmit(
        (values) => save.mutate(values),
        (errors) => show(Object.keys(errors)),
      )}
    >
      <Stack gap="lg" maw={720}>
        <Section title="Integration">
          <TextInput
            label="Label"
            description="A name to know it by, such as: Salesforce production."
            required
            maxLength={120}
            autoComplete="off"
            {...form.getInputProps('label')}
          />
          {stored === null && (
            <Radio.Group
              label="Grant type"
              description="The OAuth 2.0 flow that gives the tokens."
              {...form.getInputProps('grant_type')}
            >
              <Stack gap="sm" mt="xs">
                {everyGrantType
                  .filter((type) => !provider || provider.grant_types.filter(isGrantType).includes(type))
                  .map((type) => (
                    <Radio
                      key={type}
                      value={type}
                      label={grantTypes[type].label}
                      description={grantTypes[type].sentence}
                    />
                  ))}
              </Stack>
            </Radio.Group>
          )}
        </Section>
        <Section title="Endpoints">
          {!provider && !stored && <FromIssuer form={form} onScopes={setSupported} />}
          <EndpointFields form={form} provider={provider} />
        </Section>
        <Section title={`Client at ${name}`}>
          {grant_type === 'authorization_code' && (
            <RedirectUri
              uri={stored ? stored.redirect_uri : redirect.uri}
              error={stored ? null : redirect.error}
              onRetry={redirect.refetch}
              providerName={name}
              fault={form.errors.redirect_uri}
            />
          )}
          <TextInput
            label="Client ID"
            description="The public identifier that the provider gave."
            required
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('client_id')}
          />
          <SecretField
            form={form}
            name="client_secret"
            label="Client secret"
            description="Kept sealed, and never shown again. A public client has none."
            stored={stored?.has_client_secret ?? false}
          />
          {grant_type === 'refresh_token' && !stored && (
            <SecretField
              form={form}
              name="refresh_token"
              label="Refresh token"
              description="From an earlier authorization. Where each is good once, the one that is given here is spent."
              required
            />
          )}
        </Section>
        <Section title="What it is for">
          <ScopeField form={form} provider={provider} supported={supported} />
          <TextInput
            label="Tenant ID"
            description="Optional. The customer that it is for: shown, and filtered by."
            autoComplete="off"
            {...form.getInputProps('tenant_id')}
          />
        </Section>
        <div>
          <Button variant="default" size="xs" onClick={toggleMore} aria-expanded={more}>
            {more ? 'Fewer fields' : 'More fields'}
          </Button>
        </div>
        {more && (
          <Section title="More">
            <MoreFields form={form} isNew={stored === null} />
          </Section>
        )}
        {save.error && (
          <Refusal
            key={save.submittedAt}
            error={save.error}
            fields={Object.keys(form.values)}
            unchecked={validate}
          />
        )}
        <Checkbox
          checked={validate}
          onChange={(event) => setValidate(event.currentTarget.checked)}
          label="Check with the provider first"
          description={
            validate
              ? 'Saving asks the provider whether it takes these, and stores nothing that it refuses.'
              : 'Saving asks nobody: it is stored as not verified, and a mistake shows when somebody connects.'
          }
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {validate ? 'Check and save' : 'Save without checking'}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Parameters are told of together. */
const fieldOf = (path: string) =>
  path.startsWith('extra_authorize_params') ? 'extra_authorize_params' : path

const inMore = ['revocation_url', 'token_auth_method', 'extra_authorize_params', 'app_id']

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Title order={2}>{title}</Title>
        {children}
      </Stack>
    </Paper>
  )
}
