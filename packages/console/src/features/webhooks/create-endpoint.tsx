import type { CreateWebhookEndpointInput } from '@grantry/sdk/transport'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'
import { EndpointFields, type EndpointValues } from './endpoint-fields.tsx'

export function CreateEndpoint({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm<EndpointValues>({ initialValues: { url: '', types: [], description: '' } })
  const save = useSave(
    form,
    ({ url, types, description }) =>
      client.webhookEndpoints.create({
        url: url.trim(),
        types: types as NonNullable<CreateWebhookEndpointInput['types']>,
        description: description.trim(),
      }),
    async (made) => {
      close()
      setSecret(made.secret)
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
    },
    (path) => path.split('.')[0]!,
  )
  const close = () => {
    form.reset()
    save.reset()
    onClose()
  }
  return (
    <>
      <FormDialog
        opened={opened}
        title="New webhook endpoint"
        action="Make endpoint"
        work={save}
        onSubmit={form.onSubmit((values) => save.mutate(values))}
        onClose={close}
      >
        <EndpointFields form={form} />
      </FormDialog>
      <SecretOnce
        title="The endpoint is made"
        secret={secret}
        what="webhook secret"
        hint="Your server checks with it that a message is from here, such as by verifyWebhook of the SDK."
        onClose={() => setSecret(null)}
      />
    </>
  )
}
