import { Badge } from '@mantine/core'

type Access = 'read' | 'write'

/** What a server hands out. */
export const accessInWords: Record<Access, string> = { read: 'Reading', write: 'Reading and writing' }

/** What a tool does to the account, in a word. */
export function AccessMark({ access, destructive = false }: { access: Access; destructive?: boolean }) {
  const { word, color } = access === 'read' ? marks.read : destructive ? marks.destructive : marks.write
  return (
    <Badge variant="outline" tt="none" fw={500} style={{ color, borderColor: 'currentcolor' }}>
      {word}
    </Badge>
  )
}

const marks = {
  read: { word: 'Reads', color: 'var(--quiet)' },
  write: { word: 'Changes', color: 'var(--waiting)' },
  destructive: { word: 'Overwrites or removes', color: 'var(--bad)' },
}
