import type { Grantry } from '@grantry/sdk'
import { Failure } from './failure.ts'
import { createAccessToken } from './login/access-token.ts'
import type { Target } from './profiles/choose.ts'
import type { World } from './world.ts'

/**
 * The SDK's client for a target. It is loaded here, so that help and completion need not wait for it.
 * @throws Failure where nobody has signed in there
 */
export async function openClient(world: Pick<World, 'signal' | 'env'>, target: Target): Promise<Grantry> {
  const { url, credential } = target
  const { signal } = world
  if (!credential)
    throw new Failure(`There is no credential for ${url}.`, {
      next: `grantry login --url ${url}, or set GRANTRY_API_KEY`,
    })
  const { Grantry } = await import('@grantry/sdk')
  return credential.kind === 'api_key'
    ? new Grantry({ url, apiKey: credential.key, signal })
    : new Grantry({ url, token: createAccessToken(world, { profile: credential.profile, url }), signal })
}
