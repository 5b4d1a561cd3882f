import { Button, Menu } from '@mantine/core'
import { Download } from 'lucide-react'
import type { EventFilter } from './event-filter.ts'

const formats = [
  { format: 'csv', label: 'CSV, for spreadsheets' },
  { format: 'jsonl', label: 'JSON lines, for programs' },
] as const

/** Takes along what the filter shows, as a file. The browser asks for it by the session's cookie, and streams it to disk. */
export function ExportEvents({ filter }: { filter: EventFilter }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<Download size={14} aria-hidden="true" />}>Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, label }) => (
          <Menu.Item key={format} component="a" href={addressOf(filter, format)} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

const addressOf = (filter: EventFilter, format: string): string =>
  `/api/v1/events/export?${new URLSearchParams({ ...filter, format })}`
