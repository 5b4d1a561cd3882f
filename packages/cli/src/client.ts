import type { Grantry } from '@grantry/sdk'
import { Failure } from './failure.ts'
import type { Target } from './profiles/choose.ts'
import type { World } from './world.ts'

/**
 * The SDK's client for a target. It is loaded here, so that help and completion need not wait for it.
 * @throws Failure where nobody has signed in there
 */
export async function openClient(
  { signal }: Pick<World, 'signal' | 'env'>,
  target: Target,
): Promise<Grantry> {
  const { url, credential } = target
  if (!credential)
    throw new Failure(`There is no credential for ${url}.`, {
      next: `grantry login --url ${url}, or set GRANTRY_API_KEY`,
    })
  const { Grantry } = await import('@grantry/sdk')
  if (credential.kind === 'api_key') return new Grantry({ url, apiKey: credential.key, signal })
  throw new Failure('Not signed in.')
}
