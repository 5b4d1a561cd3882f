import { ActionIcon, Button, Group, Input, Select, Stack, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useClient, useMay } from '../../session.tsx'
import type { Values } from './form-values.ts'
import { authMethods } from './grant-types.ts'

type Form = UseFormReturnType<Values>

/** What few services want. */
export function MoreFields({ form, isNew }: { form: Form; isNew: boolean }) {
  return (
    <Stack>
      <TextInput
        label="Revocation URL"
        description="Optional. Where tokens are revoked (RFC 7009) when a connection ends."
        autoComplete="off"
        {...form.getInputProps('revocation_url')}
      />
      <Select
        label="Client authentication"
        description="How the client ID and the secret are sent to the token URL."
        data={Object.entries(authMethods).map(([value, label]) => ({ value, label }))}
        allowDeselect={false}
        {...form.getInputProps('token_auth_method')}
      />
      {form.values.grant_type === 'authorization_code' && <ExtraParameters form={form} />}
      {isNew && <AppField form={form} />}
    </Stack>
  )
}

function ExtraParameters({ form }: { form: Form }) {
  return (
    <Input.Wrapper
      label="Further parameters of the authorization URL"
      labelElement="div"
      description="Optional, such as: audience, prompt."
      error={form.errors.extra_authorize_params}
    >
      <Stack gap="xs" mt={4}>
        {form.values.extra_authorize_params.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else to be told apart by
          <Group key={at} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`Name of parameter ${at + 1}`}
              placeholder="Name"
              autoComplete="off"
              style={{ flex: 1 }}
              {...form.getInputProps(`extra_authorize_params.${at}.name`)}
            />
            <TextInput
              aria-label={`Value of parameter ${at + 1}`}
              placeholder="Value"
              autoComplete="off"
              style={{ flex: 1 }}
              {...form.getInputProps(`extra_authorize_params.${at}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove parameter ${at + 1}`}
              onClick={() => form.removeListItem('extra_authorize_params', at)}
            >
              <X size={14} aria-hidden="true" />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          onClick={() => form.insertListItem('extra_authorize_params', { name: '', value: '' })}
        >
          Add a parameter
        </Button>
      </Stack>
    </Input.Wrapper>
  )
}

/** Only who sees all apps can put it into one. */
function AppField({ form }: { form: Form }) {
  const client = useClient()
  const may = useMay('admin')
  const { data } = useQuery({
    queryKey: ['apps', 'all'],
    enabled: may,
    queryFn: async ({ signal }) => (await client.apps.list({ limit: 200 }, { signal })).data,
  })
  if (!data?.length) return null
  return (
    <Select
      label="App"
      description="Optional. Other apps of the workspace do not see it then, nor its connections."
      data={data.map(({ id, name }) => ({ value: id, label: name }))}
      clearable
      searchable
      {...form.getInputProps('app_id')}
      value={form.values.app_id || null}
      onChange={(value) => form.setFieldValue('app_id', value ?? '')}
    />
  )
}
