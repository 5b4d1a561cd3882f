import type { Provider } from '@grantry/sdk/transport'
import { TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Values } from './form-values.ts'

/** Where the provider is asked. */
export function EndpointFields({
  form,
  provider,
}: {
  form: UseFormReturnType<Values>
  provider: Provider | null
}) {
  const byCode = form.values.grant_type === 'authorization_code'
  const given = provider !== null || form.values.issuer.trim() !== ''
  return (
    <>
      {provider?.params.map(({ name, label, description, example, default: fallback }) => (
        <TextInput
          key={name}
          label={label}
          description={[description, fallback && `Left empty it is ${fallback}.`].filter(Boolean).join(' ')}
          placeholder={example ?? fallback ?? ''}
          required={fallback === null}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps(`params.${name}`)}
        />
      ))}
      {byCode && (
        <TextInput
          label="Authorization URL"
          description="Where people are sent to agree."
          required={!given}
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('authorization_url')}
        />
      )}
      <TextInput
        label="Token URL"
        description="Where Grantry asks the provider for tokens."
        required={!given}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('token_url')}
      />
      <TextInput
        label="API base URL"
        description="Where the provider's API is, for calls through the proxy and by tools."
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('api_base_url')}
      />
    </>
  )
}
