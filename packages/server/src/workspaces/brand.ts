import type { Context } from '../context.ts'
import type { Brand } from '../http/brand.ts'
import { readLogo } from './logo.ts'
import { loadWorkspace, type Workspace } from './store.ts'

/** How pages of this workspace look. */
export async function brandOf(
  ctx: Pick<Context, 'db'>,
  { id, name, color }: Pick<Workspace, 'id' | 'name' | 'color'>,
): Promise<Brand> {
  return { name, color, logo: await readLogo(ctx, id) }
}

/** @throws ApiError not_found, also for one that has ended */
export async function loadBrand(ctx: Pick<Context, 'db'>, workspace: string): Promise<Brand> {
  return brandOf(ctx, await loadWorkspace(ctx, workspace))
}
