import { Badge } from '@mantine/core'

type Access = 'read' | 'write'

/** What a server hands out. */
export const accessInWords: Record<Access, string> = { read: 'Reading', write: 'Reading and writing' }

/** What a tool does to the account, in a word. */
export function AccessMark({ access, destructive = false }: { access: Access; destructive?: boolean }) {
  if (access === 'read')
    return (
      <Badge variant="outline" color="gray" tt="none">
        Reads
      </Badge>
    )
  return (
    <Badge
      variant="outline"
      tt="none"
      style={{ color: destructive ? 'var(--bad)' : 'var(--waiting)', borderColor: 'currentcolor' }}
    >
      {destructive ? 'Changes, for good' : 'Changes'}
    </Badge>
  )
}
