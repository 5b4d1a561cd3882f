import type { Grantry, Integration } from '@grantry/sdk'
import { exitCodes, Failure, UsageError } from './failure.ts'

/**
 * The one integration that a person means: by its id, its provider's name or its label.
 * @throws Failure not found; UsageError where it could be several
 */
export async function findIntegration(
  grantry: Pick<Grantry, 'integrations'>,
  named: string,
): Promise<Integration> {
  if (/^int_[0-9a-z]{26}$/.test(named)) return grantry.integrations.get(named)
  const found: Integration[] = []
  for await (const integration of grantry.integrations.list({ limit: 200 }))
    if (integration.provider === named || integration.label === named) found.push(integration)
  const [only, another] = found
  if (!only)
    throw new Failure(`There is no integration "${named}" here.`, {
      exitCode: exitCodes.notFound,
      next: 'grantry integrations list',
    })
  if (another)
    throw new UsageError(
      `"${named}" could be ${found.map(({ id, label }) => `${id} (${label})`).join(' or ')}.`,
      'give one of these ids',
    )
  return only
}
