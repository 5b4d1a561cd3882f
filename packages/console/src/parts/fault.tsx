import { GrantryError } from '@grantry/sdk/transport'
import { Alert, Button, Group, List, Text } from '@mantine/core'

/** Why something could not be shown or done, in the server's words, and a way to try again. */
export function Fault({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { detail, errors, requestId } = wordsOf(error)
  return (
    <Alert color="red" variant="outline" role="alert" title={detail}>
      {errors.length > 0 && (
        <List size="sm">
          {errors.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {path && <code>{path}</code>} {message}
            </List.Item>
          ))}
        </List>
      )}
      <Group justify="space-between">
        {onRetry && (
          <Button variant="default" size="xs" onClick={() => void onRetry()}>
            Try again
          </Button>
        )}
        {requestId && (
          <Text size="xs" c="dimmed" className="mono">
            {requestId}
          </Text>
        )}
      </Group>
    </Alert>
  )
}

/** What a refusal says. Anything else is a fault of this page. */
export function wordsOf(error: unknown) {
  if (error instanceof GrantryError)
    return { detail: error.detail, errors: error.errors, requestId: error.requestId }
  const detail = `This page failed: ${error instanceof Error ? error.message : String(error)}. Reload it; if that does not help, tell whoever runs Grantry.`
  return { detail, errors: [], requestId: null }
}
