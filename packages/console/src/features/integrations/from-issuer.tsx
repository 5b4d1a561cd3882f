import { Button, Group, Paper, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { Fault } from '../../parts/fault.tsx'
import { LinkAnchor } from '../../parts/link.tsx'
import { useClient } from '../../session.tsx'
import type { Values } from './form-values.ts'

/** Fills the endpoints with what the issuer says of itself. */
export function FromIssuer({
  form,
  onScopes,
}: {
  form: UseFormReturnType<Values>
  onScopes: (supported: string[] | null) => void
}) {
  const client = useClient()
  const ask = useMutation({
    mutationFn: (issuer: string) => client.integrations.discover({ issuer }),
    onSuccess: (found) => {
      const { grant_type } = form.values
      form.setValues({
        issuer: found.issuer,
        authorization_url: found.authorization_url ?? '',
        token_url: found.token_url,
        revocation_url: found.revocation_url ?? '',
        token_auth_method: found.token_auth_method,
        ...(found.grant_types.includes(grant_type) ? {} : { grant_type: found.grant_types[0] ?? grant_type }),
      })
      form.clearErrors()
      onScopes(found.scopes_supported)
    },
  })
  const issuer = form.values.issuer.trim()
  const found = ask.data
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm" wrap="wrap">
        <TextInput
          label="Issuer URL"
          description="Optional. A service that publishes its endpoints (OpenID Connect, RFC 8414) fills in the rest."
          placeholder="https://accounts.example.com"
          type="url"
          autoComplete="off"
          style={{ flex: '1 1 20rem' }}
          {...form.getInputProps('issuer')}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            if (issuer) ask.mutate(issuer)
          }}
        />
        <Button
          variant="default"
          disabled={!issuer}
          loading={ask.isPending}
          onClick={() => ask.mutate(issuer)}
        >
          Fill in from the issuer
        </Button>
      </Group>
      {ask.error && <Fault error={ask.error} />}
      {found && (
        <Paper withBorder p="sm" role="status">
          <Text>
            The endpoints of {new URL(found.issuer).host} are filled in below.{' '}
            {found.identity && 'With the scope openid it tells whose account a connection is. '}
            {found.pkce === false && 'It does not say that it takes PKCE. '}
            {!found.authorization_url && 'It has no page where people agree: client credentials only.'}
          </Text>
          {found.provider && (
            <LinkAnchor to="/integrations/new" search={{ kind: 'provider', provider: found.provider }}>
              The catalogue knows this service: set it up from there
            </LinkAnchor>
          )}
        </Paper>
      )}
    </Stack>
  )
}
