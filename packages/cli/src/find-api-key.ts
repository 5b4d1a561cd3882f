import type { ApiKey, Grantry } from '@grantry/sdk'
import { exitCodes, Failure } from './failure.ts'

/** An API key by its id; the API has lists of them only. @throws Failure not found */
export async function findApiKey(grantry: Pick<Grantry, 'apiKeys'>, id: string): Promise<ApiKey> {
  for await (const key of grantry.apiKeys.list({ limit: 200 })) if (key.id === id) return key
  throw new Failure(`There is no API key ${id} here.`, {
    exitCode: exitCodes.notFound,
    next: 'grantry keys list',
  })
}
