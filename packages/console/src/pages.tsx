import { Button } from '@mantine/core'
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router'
import { readEventFilter } from './features/audit/event-filter.ts'
import { readFilter } from './features/connections/filter.ts'
import { readInvitation } from './features/connections/invitation.ts'
import {
  readCatalogueFilter,
  readIntegrationFilter,
  readNewIntegration,
} from './features/integrations/address.ts'
import { readInstanceFilter, readNewServer } from './features/mcp/instance-filter.ts'
import { readAppsTab } from './features/workspaces/apps-tab.ts'
import { Empty } from './parts/empty.tsx'
import { Fault } from './parts/fault.tsx'
import { Page } from './parts/page.tsx'
import { Shell } from './shell/shell.tsx'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Page title="Not found">
      <Empty
        title="There is no such page"
        action={
          <Button component={Link} to="/" variant="default">
            Go to the overview
          </Button>
        }
      >
        The address may be mistyped, or what it named has been removed.
      </Empty>
    </Page>
  ),
  errorComponent: ({ error, reset }) => <Fault error={error} onRetry={reset} />,
})

// biome-ignore lint/suspicious/noExplicitAny: a module with one page in it
type PageModule = Promise<Record<'default', React.ComponentType<any>>>

/** `search` reads what its address says after `?`, and leaves out what makes no sense. */
const page = <Path extends string, Search extends object = object>(
  path: Path,
  load: () => PageModule,
  search: (given: Record<string, unknown>) => Search = () => ({}) as Search,
) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
    validateSearch: search,
  })

const tree = root.addChildren([
  page('/', () => import('./features/overview/overview.tsx')),
  page('/connections', () => import('./features/connections/list.tsx'), readFilter),
  page('/connections/new', () => import('./features/connections/invite.tsx'), readInvitation),
  page('/connections/$id', () => import('./features/connections/show.tsx')),
  page('/integrations', () => import('./features/integrations/list.tsx'), readIntegrationFilter),
  page('/integrations/catalogue', () => import('./features/integrations/catalogue.tsx'), readCatalogueFilter),
  page('/integrations/catalogue/$provider', () => import('./features/integrations/provider.tsx')),
  page('/integrations/new', () => import('./features/integrations/create.tsx'), readNewIntegration),
  page('/integrations/$id', () => import('./features/integrations/show.tsx')),
  page('/integrations/$id/edit', () => import('./features/integrations/edit.tsx')),
  page('/mcp-servers', () => import('./features/mcp/list.tsx'), readInstanceFilter),
  page('/mcp-servers/new', () => import('./features/mcp/create.tsx'), readNewServer),
  page('/mcp-servers/$id', () => import('./features/mcp/show.tsx')),
  page('/events', () => import('./features/audit/events.tsx'), readEventFilter),
  page('/apps', () => import('./features/workspaces/apps.tsx'), readAppsTab),
  page('/apps/clients/new', () => import('./features/authorization-server/create-client.tsx')),
  page('/apps/clients/$id', () => import('./features/authorization-server/show-client.tsx')),
  page('/keys', () => import('./features/workspaces/keys.tsx')),
  page('/webhooks', () => import('./features/webhooks/list.tsx')),
  page('/webhooks/$id', () => import('./features/webhooks/show.tsx')),
  page('/break-glass', () => import('./features/connections/break-glass/choose.tsx')),
  page('/break-glass/$id', () => import('./features/connections/break-glass/show.tsx')),
  page('/members', () => import('./features/members/members.tsx')),
  page('/settings', () => import('./features/workspaces/settings.tsx')),
  page('/your-account', () => import('./features/members/your-account.tsx')),
])

/** Every page and its address. Each is loaded when it is first opened, or when somebody points at a link to it. */
export const createPages = () =>
  createRouter({
    routeTree: tree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    // Of an address only what its page has read is there.
    search: { strict: true },
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>
  }
}
