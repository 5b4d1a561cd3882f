import { ActionIcon, CopyButton, Group, Paper, Tooltip } from '@mantine/core'
import { Check, Copy } from 'lucide-react'

/** Puts a text on the clipboard; `what` names it for who does not see the icon. */
export function CopyText({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={`Copy ${what}`}>
            {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** An id, an address or a line of code as it must be written, with its copy button. */
export function Copyable({ text, what }: { text: string; what: string }) {
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex" maw="100%">
      <span className="mono" style={{ minWidth: 0 }}>
        {text}
      </span>
      <CopyText text={text} what={what} />
    </Group>
  )
}

/** Several lines to be copied whole: a configuration, a command. */
export function CopyBlock({ text, what }: { text: string; what: string }) {
  return (
    <Paper withBorder p="sm" pos="relative" bg="var(--ground)">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may scroll must be reached by keyboard */}
      <pre className="mono" style={block} tabIndex={0}>
        {text}
      </pre>
      <div style={{ position: 'absolute', top: 8, right: 8 }}>
        <CopyText text={text} what={what} />
      </div>
    </Paper>
  )
}

const block = {
  margin: 0,
  paddingRight: 32,
  maxHeight: '32rem',
  overflow: 'auto',
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
} as const
