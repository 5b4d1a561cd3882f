import type { Provider, ProviderScope } from '@grantry/sdk/transport'
import { Checkbox, Fieldset, List, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Values } from './form-values.ts'

/** The scopes: as sentences to be ticked where they are known, and as the text that is sent. */
export function ScopeField({
  form,
  provider,
  supported,
}: {
  form: UseFormReturnType<Values>
  provider: Provider | null
  /** What the issuer says that it knows. */
  supported: string[] | null
}) {
  const chosen = scopesOf(form.values.scope)
  const toggle = (scope: string, on: boolean) =>
    form.setFieldValue('scope', (on ? [...chosen, scope] : chosen.filter((one) => one !== scope)).join(' '))
  const boxes = (scopes: ProviderScope[]) =>
    scopes.map(({ scope, sentence }) => (
      <Checkbox
        key={scope}
        styles={{ labelWrapper: { minWidth: 0 } }}
        checked={chosen.includes(scope)}
        onChange={(event) => toggle(scope, event.currentTarget.checked)}
        label={sentence || scope}
        description={sentence ? <span className="mono">{scope}</span> : undefined}
      />
    ))
  return (
    <Stack>
      {provider && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {presetsOf(provider).map(([title, scopes]) => (
            <Fieldset key={title} legend={title} miw={0}>
              <Stack gap="sm">{boxes(scopes)}</Stack>
            </Fieldset>
          ))}
        </SimpleGrid>
      )}
      {provider && provider.scopes.always.length > 0 && (
        <div>
          <Text>Asked for in any case:</Text>
          <List size="sm" c="dimmed">
            {provider.scopes.always.map(({ scope, sentence }) => (
              <List.Item key={scope}>
                {sentence} <span className="mono">{scope}</span>
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {!provider && supported && supported.length > 0 && (
        <Fieldset legend="What the issuer knows" miw={0}>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs" verticalSpacing="xs">
            {boxes(supported.slice(0, mostShown).map((scope) => ({ scope, sentence: '' })))}
          </SimpleGrid>
        </Fieldset>
      )}
      <TextInput
        label="Scope"
        description="Optional. What Grantry should be allowed to do there, separated by spaces, such as: read write. Asked for unless a connect session says otherwise."
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('scope')}
      />
    </Stack>
  )
}

/** Some issuers know hundreds. */
const mostShown = 60

export const scopesOf = (text: string): string[] => text.split(/[ ,]+/).filter(Boolean)

/** What the catalogue has, each scope once. */
function presetsOf({ scopes: { read, write } }: Provider): [title: string, scopes: ProviderScope[]][] {
  const isIn = (list: ProviderScope[]) => (one: ProviderScope) =>
    list.some(({ scope }) => scope === one.scope)
  const groups: [string, ProviderScope[]][] = [
    ['To read and to write', read.filter(isIn(write))],
    ['To read', read.filter((one) => !isIn(write)(one))],
    ['To write', write.filter((one) => !isIn(read)(one))],
  ]
  return groups.filter(([, scopes]) => scopes.length > 0)
}
