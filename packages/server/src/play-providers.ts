import type { Sandbox } from '@grantry/sandbox'
import type { Config } from './config.ts'

/** Starts the emulator where it is wanted; null where not, and then it is not even loaded, which takes a tenth of a start. */
export async function playProviders({ sandbox }: Pick<Config, 'sandbox'>): Promise<Sandbox | null> {
  if (!sandbox.enabled) return null
  const { startSandbox } = await import('@grantry/sandbox')
  return startSandbox({ port: sandbox.port })
}
