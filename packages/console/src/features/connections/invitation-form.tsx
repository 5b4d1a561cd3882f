import type { Integration } from '@grantry/sdk/transport'
import { Button, Group, MultiSelect, Paper, Radio, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Fault } from '../../parts/fault.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'
import { type Asked, bodyOf, type Fields, fieldOf } from './asked.ts'
import type { MadeLink } from './connect-link.tsx'
import type { Invitation } from './invitation.ts'
import { ScopeWords } from './scope-words.tsx'

/** What a connect link asks for, and of whom. */
export function InvitationForm({
  integrations,
  given,
  onMade,
}: {
  integrations: Integration[]
  given: Invitation
  onMade: (link: MadeLink) => void
}) {
  const client = useClient()
  const form = useForm<Fields>({
    initialValues: {
      integrations: [integrations.find(({ id }) => id === given.integration)?.id ?? integrations[0]!.id],
      whose: 'end_user',
      end_user: given.end_user ?? '',
      email: '',
      name: '',
      asked: 'integration',
      scopes: [],
      return_to: '',
    },
    validate: {
      integrations: (value) => (value.length === 0 ? 'Choose at least one.' : null),
      end_user: (value, { whose }) =>
        whose === 'end_user' && value.trim() === '' ? 'Say by which id you know this person.' : null,
      scopes: (value, { asked }) => (asked === 'these' && value.length === 0 ? 'Name at least one.' : null),
    },
  })
  const make = useSave(
    form,
    async (fields): Promise<MadeLink> => ({
      ...(await client.connectSessions.create(bodyOf(fields))),
      own: fields.whose === 'own',
    }),
    onMade,
    fieldOf,
  )
  const { values } = form
  const chosen = integrations.filter(({ id }) => values.integrations.includes(id))
  const only = chosen.length === 1 ? chosen[0] : undefined
  const known = chosen.every(({ provider }) => provider !== null)
  return (
    <Paper withBorder p="lg" maw="44rem">
      <form onSubmit={form.onSubmit((fields) => make.mutate(fields))} noValidate>
        <Stack gap="lg">
          <MultiSelect
            label="Integrations"
            description="Where the account is. Of several, the person chooses one."
            data={integrations.map(({ id, label }) => ({ value: id, label }))}
            searchable
            limit={100}
            maxValues={50}
            nothingFoundMessage="No integration is called so"
            {...form.getInputProps('integrations')}
          />
          <Radio.Group label="Whose account" {...form.getInputProps('whose')}>
            <Stack gap="xs" mt="xs">
              <Radio value="end_user" label="An end user’s: they get the link" />
              <Radio value="own" label="Mine, for the whole workspace: I open the link" />
            </Stack>
          </Radio.Group>
          {values.whose === 'end_user' && (
            <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
              <legend className="unseen">End user</legend>
              <Stack>
                <TextInput
                  label="Id of the end user"
                  description="Yours: what your product calls this person."
                  autoComplete="off"
                  required
                  maxLength={255}
                  {...form.getInputProps('end_user')}
                />
                <Group grow align="flex-start" preventGrowOverflow={false}>
                  <TextInput
                    type="email"
                    label="E-mail (optional)"
                    autoComplete="off"
                    maxLength={320}
                    miw="12rem"
                    {...form.getInputProps('email')}
                  />
                  <TextInput
                    label="Name (optional)"
                    autoComplete="off"
                    maxLength={120}
                    miw="12rem"
                    {...form.getInputProps('name')}
                  />
                </Group>
              </Stack>
            </fieldset>
          )}
          <Radio.Group label="What is asked for" {...form.getInputProps('asked')}>
            <Stack gap="xs" mt="xs">
              <Radio value="integration" label="What the integration says" />
              {known && <Radio value="read" label="Reading" />}
              {known && <Radio value="write" label="Reading and writing" />}
              <Radio value="these" label="These scopes" />
            </Stack>
          </Radio.Group>
          {values.asked === 'these' ? (
            <TagsInput
              label="Scopes"
              description="As the provider writes them. Press Enter after each."
              splitChars={[' ', ',']}
              {...form.getInputProps('scopes')}
            />
          ) : (
            only && <ScopeWords integration={only} asked={values.asked as Exclude<Asked, 'these'>} />
          )}
          <TextInput
            label="Return address (optional)"
            description="Where the person goes afterwards. It must be among the return addresses of the workspace."
            type="url"
            autoComplete="off"
            placeholder="https://app.example.com/settings"
            {...form.getInputProps('return_to')}
          />
          {make.error && <Fault error={make.error} />}
          <Group>
            <Button type="submit" loading={make.isPending}>
              Make the link
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
