import type { BreakGlass } from '@grantry/sdk'
import type { Cli } from '../cli.ts'

export const outcomeWords = {
  to_end: 'to be ended',
  waiting: 'provider not asked yet',
  retrying: 'tried again',
  revoked: 'revoked at the provider',
  no_token: 'had no token',
  unsupported: 'no way to revoke',
  shared: 'spared, shared with others',
  failed: 'failed',
} as const satisfies Record<keyof BreakGlass['outcomes'], string>

/** How far it is, and what comes next. `flag` is what a command line for the same needs besides. */
export function showBreakGlass(cli: Cli, one: BreakGlass, flag: string): void {
  const { outcomes, needs_manual_work: manual } = one
  const counts = Object.entries(outcomeWords).flatMap(([name, words]): [string, number][] => {
    const count = outcomes[name as keyof typeof outcomes]
    return count > 0 ? [[words, count]] : []
  })
  cli.out.record(one, {
    id: one.id,
    state: one.state,
    chosen: Object.entries(one.criteria)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    ...(one.workspaces > 1 ? { workspaces: one.workspaces } : {}),
    connections: one.connections,
    ...Object.fromEntries(counts),
    'API key ended': one.api_key_deleted ? 'yes' : null,
    'manual work': manual,
    started: one.started_at,
    'ended here': one.ended_at,
    done: one.done_at,
  })
  if (manual > 0) cli.out.next(`grantry break-glass report ${one.id} --manual${flag}`)
  else if (one.state !== 'done') cli.out.next(`grantry break-glass status ${one.id}${flag}`)
}
