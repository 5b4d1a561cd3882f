import { GrantryError, type McpServer, type McpServerToolTool } from '@grantry/sdk/transport'
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Fault } from '../../parts/fault.tsx'
import { useClient } from '../../session.tsx'
import { ArgumentField } from './argument-field.tsx'
import { readArguments, type Typed, toArguments } from './arguments.ts'
import { ToolAnswer } from './tool-answer.tsx'

/** Runs a tool as an MCP client would, with arguments from a form. */
export function TryTool({ server, tool }: { server: McpServer; tool: McpServerToolTool }) {
  const client = useClient()
  const known = useMemo(() => readArguments(tool.input_schema), [tool])
  const [typed, setTyped] = useState<Typed>({})
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [ready, setReady] = useState<Record<string, unknown> | null>(null)
  const [asking, { open, close }] = useDisclosure()
  const run = useMutation({
    // Somebody's mail: kept by what shows it, and no longer.
    gcTime: 0,
    mutationFn: async (given: Record<string, unknown>) => {
      const begun = performance.now()
      const answer = await client.mcpServers.run(server.id, tool.name, { arguments: given })
      return { answer, took: performance.now() - begun }
    },
  })
  const submit = () => {
    const read = toArguments(known, typed)
    setFaults('faults' in read ? read.faults : {})
    if ('faults' in read) return
    if (!tool.destructive) return run.mutate(read.arguments)
    setReady(read.arguments)
    open()
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <fieldset disabled={!tool.runnable} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack maw="44rem">
          {known.length === 0 && <Text c="dimmed">It takes no arguments.</Text>}
          {known.map((argument) => (
            <ArgumentField
              key={argument.name}
              argument={argument}
              value={typed[argument.name] ?? ''}
              onChange={(value) => setTyped((all) => ({ ...all, [argument.name]: value }))}
              error={faults[argument.name]}
            />
          ))}
          {tool.runnable ? (
            <Group>
              <Button type="submit" loading={run.isPending} {...(tool.destructive && { color: 'red' })}>
                Run {tool.name}
              </Button>
              {tool.access === 'write' && (
                <Text size="sm" c="dimmed">
                  It really does it, with the connected account.
                </Text>
              )}
            </Group>
          ) : (
            <Text c="dimmed">
              Your role may see what this tool takes, and not run it: tools work with somebody’s account.
            </Text>
          )}
        </Stack>
      </fieldset>
      <Stack mt="md" aria-live="polite">
        {run.error && <Refused error={run.error} />}
        {run.data && !run.isPending && <ToolAnswer answer={run.data.answer} took={run.data.took} />}
      </Stack>
      <Ask
        opened={asking}
        onClose={close}
        title={`Run ${tool.name}?`}
        action={`Run ${tool.name}`}
        onConfirm={async () => {
          close()
          await run.mutateAsync(ready!).catch(() => {})
        }}
      >
        It may overwrite or remove what is in the account, and nothing here brings that back.
      </Ask>
    </form>
  )
}

/** Where the account is to be connected first, the way to it. */
function Refused({ error }: { error: unknown }) {
  const url = error instanceof GrantryError ? error.members.connect_url : undefined
  const own = typeof url === 'string' && url.startsWith(`${location.origin}/`) ? url : null
  return (
    <>
      <Fault error={error} />
      {own && (
        <Alert color="yellow" variant="outline" title="Connect the account, then run it again">
          Send this link to whoever the account belongs to, or{' '}
          <Anchor href={own} target="_blank" rel="noopener noreferrer">
            open it yourself
          </Anchor>
          .
        </Alert>
      )}
    </>
  )
}
