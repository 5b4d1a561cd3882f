import {
  Boxes,
  Cable,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Plug,
  ScrollText,
  Settings,
  Siren,
  UserRound,
  Waypoints,
  Webhook,
} from 'lucide-react'

type Entry = { to: string; label: string; Icon: LucideIcon /** Shown to who has it. */; scope?: string }

/** In the order of work; what is set up once is in the group below. */
export const navigation: { group: string | null; pages: Entry[] }[] = [
  {
    group: null,
    pages: [
      { to: '/', label: 'Overview', Icon: LayoutDashboard },
      { to: '/connections', label: 'Connections', Icon: Cable, scope: 'connections:read' },
      { to: '/mcp-servers', label: 'MCP servers', Icon: Waypoints, scope: 'mcp:read' },
      { to: '/events', label: 'Events', Icon: ScrollText, scope: 'events:read' },
    ],
  },
  {
    group: 'Settings',
    pages: [
      { to: '/integrations', label: 'Integrations', Icon: Plug, scope: 'integrations:read' },
      { to: '/apps', label: 'Apps & clients', Icon: Boxes },
      { to: '/keys', label: 'API keys', Icon: KeyRound, scope: 'admin' },
      { to: '/webhooks', label: 'Webhooks', Icon: Webhook, scope: 'webhooks:write' },
      { to: '/members', label: 'Members', Icon: UserRound, scope: 'admin' },
      { to: '/break-glass', label: 'Break-glass', Icon: Siren, scope: 'admin' },
      { to: '/settings', label: 'Workspace', Icon: Settings },
    ],
  },
]
