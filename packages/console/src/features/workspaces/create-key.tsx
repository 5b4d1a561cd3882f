import type { NewApiKey } from '@grantry/sdk/transport'
import { Button, Checkbox, Group, MultiSelect, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient, useSession } from '../../session.tsx'
import { endOf, lifetimes } from './key-expiry.ts'
import { toLimits, useReachChoices } from './key-limits.ts'
import { presets, type Scope, scopeGroups } from './key-scopes.ts'
import { useApps } from './use-apps.ts'

const exports: Scope = 'connections:export'

/** Where the form shows what is wrong with a part of the request. */
const fieldNames: Record<string, string> = {
  expires_at: 'days',
  app_id: 'app',
  providers: 'reach',
  integrations: 'reach',
  networks: 'networks',
}

/** Asks what a new key may do and how long. `onMade` is told its secret, the one time that it is known. */
export function CreateKey({
  opened,
  onClose,
  onMade,
}: {
  opened: boolean
  onClose: () => void
  onMade: (key: NewApiKey) => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const mine = useSession().scopes
  const apps = useApps()
  const choices = useReachChoices()
  const form = useForm({
    initialValues: {
      name: '',
      scopes: [] as Scope[],
      app: '',
      reach: [] as string[],
      networks: '',
      days: '90',
    },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name, such as “Billing service”.' : null),
      scopes: (scopes) => (scopes.length === 0 ? 'Choose at least one thing that it may do.' : null),
      days: (days, { scopes }) =>
        scopes.includes(exports) && days !== '1'
          ? 'A key that takes out refresh tokens ends in 24 hours.'
          : null,
    },
  })
  const save = useSave(
    form,
    ({ name, scopes, app, reach, networks, days }) => {
      const expires_at = endOf(days, Date.now())
      return client.apiKeys.create({
        name: name.trim(),
        scopes,
        ...(app ? { app_id: app } : {}),
        ...toLimits(reach, networks),
        ...(expires_at ? { expires_at } : {}),
      })
    },
    (key) => {
      close()
      onMade(key)
      return queries.invalidateQueries({ queryKey: ['api-keys'] })
    },
    (path) => fieldNames[path.split('.')[0]!] ?? path,
  )
  const close = () => {
    form.reset()
    save.reset()
    onClose()
  }
  const { scopes } = form.values
  return (
    <FormDialog
      opened={opened}
      title="New API key"
      action="Make API key"
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={close}
      noValidate
      size="lg"
    >
      <TextInput
        label="Name"
        description="What will use it, so that you know later which one to end."
        maxLength={120}
        required
        data-autofocus
        autoComplete="off"
        {...form.getInputProps('name')}
      />
      <Stack gap="xs">
        <Text fw={500}>Start from</Text>
        <Group gap="xs">
          {presets.map((preset) => (
            <Button
              key={preset.name}
              size="xs"
              variant="default"
              title={preset.what}
              onClick={() => form.setFieldValue('scopes', preset.scopes)}
            >
              {preset.name}
            </Button>
          ))}
          <Button
            size="xs"
            variant="subtle"
            disabled={scopes.length === 0}
            onClick={() => form.setFieldValue('scopes', [])}
          >
            Nothing
          </Button>
        </Group>
      </Stack>
      <Checkbox.Group label="It may" required {...form.getInputProps('scopes')}>
        {scopeGroups(mine).map(({ title, scopes }) => (
          <Stack key={title} gap={8} mt="sm" role="group" aria-label={title}>
            <Text size="xs" c="dimmed">
              {title}
            </Text>
            {scopes.map(({ scope, sentence }) => (
              <Checkbox key={scope} value={scope} label={sentence} description={scope} />
            ))}
          </Stack>
        ))}
      </Checkbox.Group>
      {apps.length > 0 && (
        <Select
          label="App"
          description="A key of one app reaches that app’s integrations and connections only."
          data={[
            { value: '', label: 'The whole workspace' },
            ...apps.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          allowDeselect={false}
          {...form.getInputProps('app')}
        />
      )}
      <MultiSelect
        label="Providers and integrations"
        description="With none it reaches all of them."
        data={choices}
        searchable
        clearable
        {...form.getInputProps('reach')}
      />
      <Textarea
        label="Networks"
        description="Addresses and networks it may be used from, one a line: 203.0.113.0/24. With none, from anywhere."
        autosize
        minRows={1}
        spellCheck={false}
        {...form.getInputProps('networks')}
      />
      <Select label="Ends" data={lifetimes} allowDeselect={false} {...form.getInputProps('days')} />
    </FormDialog>
  )
}
