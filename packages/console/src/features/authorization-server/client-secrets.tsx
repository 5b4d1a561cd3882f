import type { OAuthClient } from '@grantry/sdk/transport'
import { Button, List, Select, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { Section } from '../../parts/section.tsx'
import { useSave } from '../../parts/use-save.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'

const overlaps = [
  { value: '0', label: 'At once: it may have leaked' },
  { value: '3600', label: 'After an hour' },
  { value: '86400', label: 'After a day' },
  { value: '604800', label: 'After 7 days' },
  { value: '2592000', label: 'After 30 days' },
]

/** Which secrets open a client now, and another one in their place. */
export function ClientSecrets({ client }: { client: OAuthClient }) {
  const api = useClient()
  const queries = useQueryClient()
  const [opened, { open, close: shut }] = useDisclosure()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({ initialValues: { overlap_seconds: '86400' } })
  const save = useSave(
    form,
    ({ overlap_seconds }) =>
      api.oauthClients.rotateSecret(client.id, { overlap_seconds: Number(overlap_seconds) }),
    ({ client_secret }) => {
      setSecret(client_secret)
      void queries.invalidateQueries({ queryKey: ['oauth-clients'] })
      close()
    },
  )
  const close = () => {
    form.reset()
    save.reset()
    shut()
  }
  return (
    <Section
      title="Secrets"
      sentence="Grantry keeps no secret, only what it takes to recognise one."
      action={
        <Button variant="default" onClick={open}>
          Rotate secret
        </Button>
      }
    >
      <List>
        {client.secrets.map(({ created_at, ends_at }) => (
          <List.Item key={created_at}>
            Made <When at={created_at} />
            {ends_at ? (
              <>
                , ends <When at={ends_at} />
              </>
            ) : (
              ', in use'
            )}
          </List.Item>
        ))}
      </List>
      <FormDialog
        opened={opened}
        title="Rotate the client secret"
        action="Rotate secret"
        work={save}
        onSubmit={form.onSubmit((values) => save.mutate(values))}
        onClose={close}
      >
        <Text>
          A new secret is made. The one in use works on until it ends, so that the app can be changed over
          without a break.
        </Text>
        <Select
          label="The secret in use ends"
          data={overlaps}
          allowDeselect={false}
          {...form.getInputProps('overlap_seconds')}
        />
      </FormDialog>
      <SecretOnce
        title="New client secret"
        secret={secret}
        what="client secret"
        hint="Put it where the partner app reads it from, before the one in use ends."
        onClose={() => setSecret(null)}
      />
    </Section>
  )
}
