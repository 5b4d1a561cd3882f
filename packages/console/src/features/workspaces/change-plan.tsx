import type { Workspace } from '@grantry/sdk/transport'
import { Checkbox, NumberInput, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useSave } from '../../parts/use-save.ts'
import { quotaNames as names, type QuotaName, quotaWords } from './quota-words.ts'
import { useUpdateWorkspace } from './use-workspace.ts'

/** What the server itself withholds where a list does not hold it. */
const enforced = ['mcp', 'import', 'direct_links', 'end_user_tokens']

/** Sets the plan, where no operator does. Experiments are set over the API. */
export function ChangePlan({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const { update, tellOf } = useUpdateWorkspace()
  const { plan, plan_expires_at, quotas, features } = workspace
  const form = useForm({
    initialValues: {
      plan: plan ?? '',
      plan_expires_at: plan_expires_at?.slice(0, 10) ?? '',
      quotas: Object.fromEntries(names.map((name) => [name, quotas[name] ?? ''])) as Record<
        QuotaName,
        number | string
      >,
      everything: features === null,
      features: features ?? enforced,
    },
  })
  const save = useSave(
    form,
    (values) =>
      update({
        plan: values.plan.trim() || null,
        plan_expires_at: values.plan_expires_at
          ? values.plan_expires_at === plan_expires_at?.slice(0, 10)
            ? plan_expires_at
            : `${values.plan_expires_at}T00:00:00Z`
          : null,
        quotas: Object.fromEntries(
          names.flatMap((name) => (values.quotas[name] === '' ? [] : [[name, Number(values.quotas[name])]])),
        ),
        features: values.everything ? null : values.features,
      }),
    () => {
      onClose()
      tellOf('The plan is saved.', { plan, plan_expires_at, quotas, features })
    },
    (path) => path.replace(/^features\..*/, 'features'),
  )
  return (
    <FormDialog
      opened
      title="Change plan and quotas"
      action="Save"
      work={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
      noValidate
    >
      <TextInput
        label="Plan"
        description="Any name; apps are told it."
        maxLength={64}
        data-autofocus
        {...form.getInputProps('plan')}
      />
      <TextInput
        label="Plan ends"
        description="Told to apps; nothing is turned off when it passes."
        type="date"
        {...form.getInputProps('plan_expires_at')}
      />
      {names.map((name) => (
        <NumberInput
          key={name}
          label={quotaWords[name].word}
          description={quotaWords[name].what || undefined}
          placeholder="unlimited"
          min={0}
          max={1_000_000_000}
          allowDecimal={false}
          thousandSeparator=" "
          {...form.getInputProps(`quotas.${name}`)}
        />
      ))}
      <Checkbox label="Every feature is on" {...form.getInputProps('everything', { type: 'checkbox' })} />
      {!form.values.everything && (
        <TagsInput
          label="Features"
          description={`What is left out of ${enforced.join(', ')} is turned off. Other names are told to apps.`}
          data={enforced}
          {...form.getInputProps('features')}
        />
      )}
    </FormDialog>
  )
}
