import type { Integration } from '@grantry/sdk'
import type { Cli } from './cli.ts'

/** Integrations as the documented commands list them: the workspace's own, or those of apps. */
export async function listProviders(
  cli: Cli,
  wanted: (integration: Integration) => boolean,
  { ofApps, none, next }: { ofApps: boolean; none: string; next: string },
): Promise<void> {
  const grantry = await cli.client()
  const rows = only(grantry.integrations.list(), wanted)
  await cli.out.table(
    rows,
    {
      PROVIDER: (row) => row.provider ?? row.label,
      ID: (row) => row.id,
      ...(ofApps ? { APP: (row: Integration) => row.app_id } : {}),
      STATUS: (row) => row.validation.status,
      'CLIENT ID': (row) => row.client_id,
      'REDIRECT URI': (row) => row.redirect_uri,
    },
    { none, next },
  )
}

async function* only<T>(items: AsyncIterable<T>, wanted: (item: T) => boolean): AsyncGenerator<T> {
  for await (const item of items) if (wanted(item)) yield item
}
