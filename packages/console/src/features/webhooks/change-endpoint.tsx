import type { CreateWebhookEndpointInput, WebhookEndpoint } from '@grantry/sdk/transport'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { tell } from '../../parts/tell.tsx'
import { useSave } from '../../parts/use-save.ts'
import { useClient } from '../../session.tsx'
import { EndpointFields, type EndpointValues } from './endpoint-fields.tsx'

/** `endpoint` as it was when this was opened. */
export function ChangeEndpoint({ endpoint, onClose }: { endpoint: WebhookEndpoint; onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const { id, url, types, description } = endpoint
  const form = useForm<EndpointValues>({ initialValues: { url, types, description } })
  const save = useSave(
    form,
    (values) =>
      client.webhookEndpoints.update(id, {
        url: values.url.trim(),
        types: values.types as NonNullable<CreateWebhookEndpointInput['types']>,
        description: values.description.trim(),
      }),
    async () => {
      tell('The endpoint is changed. What waits goes to where it is now.')
      await queries.invalidateQueries({ queryKey: ['webhooks'] })
      onClose()
    },
    (path) => path.split('.')[0]!,
  )
  return (
    <FormDialog
      opened
      title="Change webhook endpoint"
      action="Save"
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
    >
      <EndpointFields form={form} />
    </FormDialog>
  )
}
