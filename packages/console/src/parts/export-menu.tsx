import { Button, type ButtonProps, Menu } from '@mantine/core'
import { Download } from 'lucide-react'

const formats = [
  { format: 'csv', label: 'CSV, for spreadsheets' },
  { format: 'jsonl', label: 'JSON lines, for programs' },
] as const

/** Takes something along as a file. The browser asks for it by the session's cookie, and streams it to disk. */
export function ExportMenu({
  path,
  query,
  variant = 'filled',
}: {
  path: string
  query?: Record<string, string>
  variant?: ButtonProps['variant']
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant={variant} leftSection={<Download size={14} aria-hidden="true" />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map(({ format, label }) => (
          <Menu.Item
            key={format}
            component="a"
            href={`${path}?${new URLSearchParams({ ...query, format })}`}
            download
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
