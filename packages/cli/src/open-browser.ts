import { spawn } from 'node:child_process'
import type { World } from './world.ts'

/**
 * Opens an address in the person's browser, by the program that `BROWSER` names or the system's own.
 * @returns false where there is no display or no such program: then the address is to be shown
 */
export async function openBrowser(url: string, env: World['env']): Promise<boolean> {
  const { protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return false
  const [command, args] = opener(env)
  if (!command) return false
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], {
      stdio: 'ignore',
      detached: true,
      env: withoutSecrets(env),
    })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function opener(env: World['env']): [string | null, string[]] {
  if (env.BROWSER) return [env.BROWSER, []]
  if (process.platform === 'darwin') return ['open', []]
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler']]
  return [env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : null, []]
}

/** A browser has no business with our credentials. */
export function withoutSecrets(env: World['env']): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GRANTRY_')))
}
