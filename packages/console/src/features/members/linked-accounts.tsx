import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Identity } from '../../own-account.ts'
import { Ask } from '../../parts/ask.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'

/** Accounts at outside providers that open this one; nothing where the workspace has no such provider. */
export function LinkedAccounts() {
  const { own } = useClient()
  const queries = useQueryClient()
  const [ending, setEnding] = useState<Identity | null>(null)
  const query = useQuery({
    queryKey: ['account', 'identities'],
    queryFn: async () => {
      const [identities, providers] = await Promise.all([own.identities(), own.identityProviders()])
      return { identities, open: providers.filter(({ linked }) => !linked) }
    },
  })
  if (query.data && query.data.identities.length === 0 && query.data.open.length === 0) return null
  return (
    <Section
      title="Linked accounts"
      sentence="With these you sign in at your company’s provider instead of here."
    >
      <Loaded query={query}>
        {({ identities, open }) => (
          <Stack gap="sm">
            {identities.map((identity) => (
              <Paper key={identity.identity_provider} withBorder p="sm">
                <Group justify="space-between" wrap="nowrap">
                  <Stack gap={0} style={{ minWidth: 0 }}>
                    <Text>{identity.label}</Text>
                    <Text size="xs" c="dimmed">
                      <span className="mono">{identity.subject}</span> · linked{' '}
                      <When at={identity.created_at} />
                    </Text>
                  </Stack>
                  <Button
                    variant="default"
                    size="xs"
                    style={{ flex: 'none' }}
                    aria-label={`Unlink ${identity.label}`}
                    onClick={() => setEnding(identity)}
                  >
                    Unlink
                  </Button>
                </Group>
              </Paper>
            ))}
            <Group gap="xs">
              {open.map(({ id, label }) => (
                <Button
                  key={id}
                  component="a"
                  href={`/sign-in/link/${encodeURIComponent(id)}`}
                  variant="default"
                >
                  Link {label}
                </Button>
              ))}
            </Group>
          </Stack>
        )}
      </Loaded>
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title={`Unlink ${ending?.label}?`}
        action="Unlink"
        onConfirm={async () => {
          await own.unlink(ending!.identity_provider)
          tell(`${ending!.label} no longer signs you in.`)
          await queries.invalidateQueries({ queryKey: ['account'] })
        }}
      >
        That account no longer opens Grantry. You can link it again.
      </Ask>
    </Section>
  )
}
