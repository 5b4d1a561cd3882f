import { logoLimits } from '@grantry/api'
import type { Context } from '../context.ts'
import type { Db } from '../db/connect.ts'
import { invalid } from '../errors.ts'
import { readPicture } from './read-picture.ts'

/**
 * A workspace's logo as it may stand in a page: what its bytes are decides, not what it says it is. SVG is not taken: it is
 * a document, and whoever opens its address by itself would run what is in it.
 * @param text a data URL
 * @returns the same picture, written our way
 * @throws ApiError invalid_request, naming `logo`
 */
export function checkLogo(text: string): string {
  const [, base64 = ''] = /^data:image\/(?:png|jpeg|webp);base64,([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length === 0)
    throw invalid('logo', 'must be a data URL of a PNG, JPEG or WebP picture: data:image/png;base64,…')
  if (bytes.length > logoLimits.bytes)
    throw invalid('logo', `must be at most ${logoLimits.bytes} bytes; this one has ${bytes.length}`)
  const picture = readPicture(bytes)
  if (!picture) throw invalid('logo', 'must be a PNG, JPEG or WebP picture, and its bytes are not')
  const { width, height } = picture
  if (Math.min(width, height) < 1 || Math.max(width, height) > logoLimits.pixels)
    throw invalid(
      'logo',
      `must be at most ${logoLimits.pixels} pixels wide and high; this one is ${width} × ${height}`,
    )
  return `data:${picture.type};base64,${bytes.toString('base64')}`
}

/** Data URL; null where there is none. */
export async function readLogo({ db }: Pick<Context, 'db'>, workspace: string): Promise<string | null> {
  const row = await db
    .selectFrom('workspace_logos')
    .select('image')
    .where('workspace_id', '=', workspace)
    .executeTakeFirst()
  return row?.image ?? null
}

/** @param image checked; null takes it away */
export async function writeLogo(tx: Db, workspace: string, image: string | null): Promise<void> {
  if (image === null) {
    await tx.deleteFrom('workspace_logos').where('workspace_id', '=', workspace).execute()
    return
  }
  await tx
    .insertInto('workspace_logos')
    .values({ workspace_id: workspace, image })
    .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet({ image }))
    .execute()
}
