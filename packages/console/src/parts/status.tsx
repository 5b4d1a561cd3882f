import { Group, Text } from '@mantine/core'

const looks: Record<string, { word: string; short?: string; color: string }> = {
  active: { word: 'Active', color: 'var(--good)' },
  needs_reauth: { word: 'Needs to be connected again', short: 'Connect again', color: 'var(--bad)' },
  pending: { word: 'Waiting for a person', short: 'Waiting', color: 'var(--waiting)' },
  revoked: { word: 'Ended', color: 'var(--quiet)' },
  verified: { word: 'Verified', color: 'var(--good)' },
  working: { word: 'Working', color: 'var(--good)' },
  failing: { word: 'Failing', color: 'var(--bad)' },
  stopped: { word: 'Stopped', color: 'var(--quiet)' },
  delivered: { word: 'Delivered', color: 'var(--good)' },
  waiting: { word: 'Waiting', color: 'var(--waiting)' },
  given_up: { word: 'Given up', color: 'var(--bad)' },
  ending: { word: 'Ending', color: 'var(--waiting)' },
  revoking: { word: 'Asking providers', color: 'var(--waiting)' },
  done: { word: 'Done', color: 'var(--good)' },
  retrying: { word: 'Tried again', color: 'var(--waiting)' },
  confirmed: { word: 'Revoked', color: 'var(--good)' },
  nothing: { word: 'Nothing to revoke', color: 'var(--quiet)' },
  by_hand: { word: 'No way to revoke', color: 'var(--bad)' },
  spared: { word: 'Spared', color: 'var(--bad)' },
  unverified: { word: 'Not verified', color: 'var(--waiting)' },
}

/** A status as a word with a dot; the dot alone says nothing that the word does not. */
export function Status({ of, short = false }: { of: string; short?: boolean }) {
  return (
    <Group gap={8} wrap="nowrap" component="span" display="inline-flex">
      <span
        aria-hidden="true"
        style={{ width: 8, height: 8, borderRadius: 4, background: statusColor(of), flex: 'none' }}
      />
      <Text span size="sm">
        {statusWord(of, short)}
      </Text>
    </Group>
  )
}

export function statusWord(status: string, short = false): string {
  const look = looks[status]
  return (short ? look?.short : undefined) ?? look?.word ?? status
}

export const statusColor = (status: string): string => looks[status]?.color ?? 'var(--quiet)'
