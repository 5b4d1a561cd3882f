import { GrantryError } from '@grantry/sdk/transport'
import { Alert, List, Stack, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { wordsOf } from '../../parts/fault.tsx'

/** Why saving or checking was refused: in the server's words, with what the provider answered. */
export function Refusal({
  error,
  fields = [],
  unchecked = false,
}: {
  error: unknown
  /** Of the form: what is said of them stands there. */
  fields?: string[]
  /** Whether it may be saved without asking. */
  unchecked?: boolean
}) {
  const { detail, errors, requestId } = wordsOf(error)
  const others = errors.filter(({ path }) => !fields.includes(path.split('.')[0] ?? ''))
  const answer = answerOf(error)
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void alert.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <Alert ref={alert} color="red" variant="outline" role="alert" title={detail}>
      <Stack gap="xs">
        {answer && (
          <Text>
            The provider answered <code>{answer.error}</code>
            {answer.description && answer.description !== answer.error && <>: “{answer.description}”</>}
          </Text>
        )}
        {others.length > 0 && (
          <List size="sm">
            {others.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                {path && <code>{path}</code>} {message}
              </List.Item>
            ))}
          </List>
        )}
        {unchecked && answer && (
          <Text c="dimmed">
            Nothing was stored. If you know better than this answer, untick “Check with the provider first”
            and save again.
          </Text>
        )}
        {requestId && (
          <Text size="xs" c="dimmed" className="mono">
            {requestId}
          </Text>
        )}
      </Stack>
    </Alert>
  )
}

/** What came back from the provider, where it was asked. */
function answerOf(error: unknown): { error: string; description: string | null } | null {
  if (!(error instanceof GrantryError)) return null
  const { provider_error, provider_error_description: description } = error.members
  if (typeof provider_error !== 'string') return null
  return { error: provider_error, description: typeof description === 'string' ? description : null }
}
