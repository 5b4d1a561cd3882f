import { ActionIcon, Menu } from '@mantine/core'
import { Ellipsis } from 'lucide-react'

export type Action = {
  label: string
  onClick: () => void /** Destroys something: last, and in red. */
  danger?: boolean
}

/** What can be done with one row, behind three dots. */
export function Actions({ of, actions }: { /** Names the row. */ of: string; actions: Action[] }) {
  if (actions.length === 0) return null
  return (
    <Menu position="bottom-end" width={208}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${of}`}>
          <Ellipsis size={16} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ label, onClick, danger }) => (
          <Menu.Item key={label} onClick={onClick} {...(danger ? { c: 'var(--bad)' } : {})}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
