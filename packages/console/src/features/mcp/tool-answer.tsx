import type { RunMcpServerToolAnswer } from '@grantry/sdk/transport'
import { Alert, Stack, Text } from '@mantine/core'
import { CopyBlock } from '../../parts/copy.tsx'

/** What a tool answered. A refusal is in the words that a model gets too. */
export function ToolAnswer({ answer, took }: { answer: RunMcpServerToolAnswer; took: number }) {
  const text = answer.content.map((part) => part.text).join('\n')
  if (answer.is_error)
    return (
      <Alert color="red" variant="outline" title="It was not done">
        {text}
      </Alert>
    )
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        Answered in {took < 1000 ? `${Math.round(took)} ms` : `${(took / 1000).toFixed(1)} s`}
      </Text>
      <CopyBlock
        text={answer.structured_content ? pretty(answer.structured_content) : readable(text)}
        what="answer"
      />
    </Stack>
  )
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

/** A list comes as JSON in one line. */
function readable(text: string): string {
  if (!/^[[{]/.test(text)) return text
  try {
    return pretty(JSON.parse(text))
  } catch {
    return text
  }
}
