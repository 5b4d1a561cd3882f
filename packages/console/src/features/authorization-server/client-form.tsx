import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  Radio,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ReactNode } from 'react'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { type ClientValues, judge, newClient } from './client-values.ts'
import { type AuthMethod, authMethodWords, grantTypeWords, scopeWords } from './words.ts'

/** What an OAuth client is, to be made or changed. */
export function ClientForm<Answer>({
  initial = newClient,
  action,
  aside,
  send,
  onDone,
}: {
  initial?: ClientValues
  action: string
  /** Beside the button. */
  aside?: ReactNode
  send: (values: ClientValues) => Promise<Answer>
  onDone: (answer: Answer) => void
}) {
  const form = useForm<ClientValues>({ initialValues: initial, validate: judge })
  const save = useSave(form, send, onDone, (path) => path.split('.')[0]!)
  const { token_endpoint_auth_method: method, grant_types, application_type, keys } = form.values
  const isPublic = method === 'none'

  /** A public client cannot have what needs a proof. */
  const setMethod = (next: AuthMethod) => {
    form.setFieldValue('token_endpoint_auth_method', next)
    if (next !== 'none') return
    form.setFieldValue('scope', (scope) => scope.filter((one) => !scopeWords[one]?.confidential))
    form.setFieldValue('grant_types', (types) => types.filter((one) => !grantTypeWords[one].confidential))
  }
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack gap="lg" maw="44rem">
        <TextInput
          label="Name"
          description="People are shown it when they are asked to allow it something."
          required
          maxLength={120}
          autoComplete="off"
          {...form.getInputProps('client_name')}
        />
        <Radio.Group
          label="Can it keep a secret?"
          value={isPublic ? 'public' : 'confidential'}
          onChange={(kind) => setMethod(kind === 'public' ? 'none' : 'client_secret_basic')}
        >
          <Stack gap="xs" mt="xs">
            <Radio
              value="confidential"
              label="Yes, it runs on a server"
              description="Confidential: it proves at each token who it is."
            />
            <Radio
              value="public"
              label="No, it runs with its users"
              description="Public: an app in the browser, on a phone or a desktop. It uses PKCE alone."
            />
          </Stack>
        </Radio.Group>
        {!isPublic && (
          <Select
            label="How it proves who it is"
            data={Object.entries(authMethodWords).map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            value={method}
            onChange={(next) => setMethod(next as AuthMethod)}
            error={form.errors.token_endpoint_auth_method}
          />
        )}
        {method === 'private_key_jwt' && (
          <Fieldset legend="Its public keys">
            <Stack>
              <SegmentedControl
                aria-label="Where its public keys are"
                data={[
                  { value: 'jwks_uri', label: 'At an address' },
                  { value: 'jwks', label: 'Given here' },
                ]}
                {...form.getInputProps('keys')}
              />
              {keys === 'jwks_uri' ? (
                <TextInput
                  label="Address of its key set"
                  placeholder="https://partner.example/jwks.json"
                  {...form.getInputProps('jwks_uri')}
                />
              ) : (
                <Textarea
                  label="Key set"
                  description='JSON: {"keys": […]}, public keys only.'
                  autosize
                  minRows={4}
                  maxRows={12}
                  classNames={{ input: 'mono' }}
                  {...form.getInputProps('jwks')}
                />
              )}
            </Stack>
          </Fieldset>
        )}
        <Radio.Group label="Kind" {...form.getInputProps('application_type')}>
          <Group mt="xs" gap="sm">
            <Radio value="web" label="Web" />
            <Radio value="native" label="Native: on a computer or phone" />
          </Group>
        </Radio.Group>
        <Checkbox.Group label="Grant types" {...form.getInputProps('grant_types')}>
          <Stack gap="xs" mt="xs">
            {Object.entries(grantTypeWords).map(([value, { label, does, confidential }]) => (
              <Checkbox
                key={value}
                value={value}
                label={label}
                description={confidential && isPublic ? `${does}. Not for public clients` : does}
                disabled={confidential === true && isPublic}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Textarea
          label="Redirect URIs"
          description={
            application_type === 'native'
              ? 'One a line, compared exactly. http://127.0.0.1 with any port, https, or a scheme of your own such as com.example.app:/callback.'
              : 'One a line, compared exactly. https, or http for localhost.'
          }
          placeholder={
            application_type === 'native'
              ? 'http://127.0.0.1/callback'
              : 'https://partner.example/oauth/callback'
          }
          autosize
          minRows={2}
          maxRows={20}
          required={grant_types.includes('authorization_code')}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('redirect_uris')}
        />
        <Checkbox.Group
          label="Scopes"
          description="The most that it may ask people for. They allow it that, or less."
          {...form.getInputProps('scope')}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
            {Object.entries(scopeWords).map(([value, { label, does, confidential }]) => (
              <Checkbox
                key={value}
                value={value}
                label={<span className="mono">{label}</span>}
                description={confidential && isPublic ? `${does}. Not for public clients` : does}
                disabled={confidential === true && isPublic}
              />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Fieldset legend="Links that people are shown (optional)">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label="Home page" placeholder="https://" {...form.getInputProps('client_uri')} />
            <TextInput label="Logo" placeholder="https://" {...form.getInputProps('logo_uri')} />
            <TextInput label="Privacy policy" placeholder="https://" {...form.getInputProps('policy_uri')} />
            <TextInput label="Terms of service" placeholder="https://" {...form.getInputProps('tos_uri')} />
          </SimpleGrid>
        </Fieldset>
        {save.error && <Fault error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {action}
          </Button>
          {aside}
        </Group>
      </Stack>
    </form>
  )
}
