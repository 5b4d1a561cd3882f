import type { ProxyPolicy } from '@grantry/sdk/transport'
import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Radio,
  Select,
  Stack,
  Text,
  Textarea,
} from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { Fault, wordsOf } from '../../parts/fault.tsx'
import { linesOf, methods, type PolicyValues, spans, spanWord, toPolicy, toValues } from './policy-values.ts'

/** What may be called through the proxy and by tools: methods and paths, and how often. */
export function PolicyForm({
  policy,
  onSave,
  onCancel,
}: {
  policy: ProxyPolicy | null
  onSave: (policy: ProxyPolicy | null) => Promise<unknown>
  onCancel: () => void
}) {
  const form = useForm<PolicyValues>({ initialValues: toValues(policy), validate: check })
  const save = useMutation({
    mutationFn: (values: PolicyValues) => onSave(toPolicy(values)),
    onError: (error) => form.setErrors(atFields(error)),
  })
  const { only, allow, limited, per_seconds } = form.values
  const isUsual = spans.some(({ value }) => value === per_seconds)
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack maw={720}>
        <Radio.Group
          label="Calls"
          value={only ? 'only' : 'all'}
          onChange={(value) => {
            form.setFieldValue('only', value === 'only')
            if (value === 'only' && allow.length === 0)
              form.insertListItem('allow', { methods: ['GET'], paths: '' })
          }}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="all" label="Everything that the scopes of a connection allow" />
            <Radio value="only" label="Only what is listed" />
          </Stack>
        </Radio.Group>
        {only &&
          allow.map((_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else to be told apart by
            <Fieldset key={at} miw={0} legend={`Rule ${at + 1}`}>
              <Stack gap="sm">
                <MultiSelect label="Methods" data={methods} {...form.getInputProps(`allow.${at}.methods`)} />
                <Textarea
                  label="Paths"
                  description="Below the API base URL, one a line. * stands for any text: /deals/*"
                  autosize
                  minRows={2}
                  spellCheck={false}
                  styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                  {...form.getInputProps(`allow.${at}.paths`)}
                />
                <Button
                  variant="subtle"
                  color="red"
                  size="xs"
                  w="fit-content"
                  onClick={() => form.removeListItem('allow', at)}
                >
                  Remove rule {at + 1}
                </Button>
              </Stack>
            </Fieldset>
          ))}
        {only && (
          <Group gap="sm">
            <Button
              variant="default"
              size="xs"
              onClick={() => form.insertListItem('allow', { methods: ['GET'], paths: '' })}
            >
              Add a rule
            </Button>
            {allow.length === 0 && <Text c="dimmed">Without a rule nothing may be called.</Text>}
          </Group>
        )}
        <Textarea
          label="Hosts"
          description="Nothing is sent to another, be it by a redirect. One a line: api.example.com, *.example.com. With none: the API’s host, and where it redirects to."
          autosize
          minRows={1}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          {...form.getInputProps('hosts')}
        />
        <Checkbox
          label="Limit how often each connection is used"
          {...form.getInputProps('limited', { type: 'checkbox' })}
        />
        {limited && (
          <Group gap="sm" align="flex-start">
            <NumberInput
              label="Calls at most"
              min={1}
              max={1_000_000_000}
              allowDecimal={false}
              thousandSeparator=","
              w={160}
              {...form.getInputProps('calls')}
            />
            <Select
              label="In each"
              data={
                isUsual ? spans : [...spans, { value: per_seconds, label: spanWord(Number(per_seconds)) }]
              }
              allowDeselect={false}
              w={160}
              {...form.getInputProps('per_seconds')}
            />
          </Group>
        )}
        {save.error && <Fault error={save.error} />}
        <Group gap="sm">
          <Button type="submit" loading={save.isPending}>
            Save what may be called
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function check({ only, allow, limited, calls }: PolicyValues): Record<string, string> {
  const errors: Record<string, string> = {}
  if (only)
    allow.forEach((rule, at) => {
      if (rule.methods.length === 0) errors[`allow.${at}.methods`] = 'Choose at least one method.'
      const paths = linesOf(rule.paths)
      const wrong = paths.find((path) => !/^\/[\x21-\x7e]*$/.test(path))
      if (paths.length === 0) errors[`allow.${at}.paths`] = 'Give at least one path.'
      else if (wrong) errors[`allow.${at}.paths`] = `${wrong} must begin with / and be percent-encoded.`
    })
  if (limited && !(Number(calls) >= 1)) errors.calls = 'Give how many calls at most.'
  return errors
}

/** `proxy_policy.allow.0.paths.2` is of the field with all paths of the rule. */
function atFields(error: unknown): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { path, message } of wordsOf(error).errors) {
    const [, part, at, field] = path.split('.')
    if (part === 'allow' && at && field) errors[`allow.${at}.${field}`] = message
    if (part === 'hosts') errors.hosts = message
    if (part === 'budget') errors.calls = message
  }
  return errors
}
