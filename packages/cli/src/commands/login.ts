import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { addExamples } from '../examples.ts'
import { awaitDevice, revokeLogin, startDevice } from '../login/device-flow.ts'
import { findEndpoints } from '../login/endpoints.ts'
import { defaultUrl, isPlain, originOf, plainWarning } from '../profiles/choose.ts'
import { type Profile, type Profiles, readProfiles, updateProfiles } from '../profiles/file.ts'
import { checkProfileName } from '../profiles/name.ts'
import { readSecret } from '../read-secret.ts'

type Options = { browser: boolean; apiKeyStdin?: boolean }

/** `grantry login`: as a member by the browser (RFC 8628), or with an API key. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('login')
    .description('Sign in to a server as a member, and save it as a profile')
    .option('--no-browser', 'only print the address, for a terminal without a browser (SSH)')
    .option('--api-key-stdin', 'save an API key from stdin instead')
    .action(async ({ browser, apiKeyStdin }: Options) => {
      const { name, url } = choose(cli, await readProfiles(cli.env))
      checkProfileName(name)
      if (isPlain(url)) cli.out.warn(plainWarning)
      const profile: Profile = apiKeyStdin
        ? { url, api_key: await readSecret(cli, { name: 'API key', stdin: true, flag: '--api-key-stdin' }) }
        : { url, login: await signIn(cli, url, browser) }
      const { account, replaced } = await save(cli, name, profile)
      if (replaced) await forget(cli, replaced)
      const { user, workspace } = account
      const who = user?.email ?? `an API key of ${workspace.name}`
      cli.out.done(
        `Signed in to ${url} as ${who}${workspace.role ? `, ${workspace.role} of ${workspace.name}` : ''}.`,
        {
          profile: name,
          url,
          user: user?.email ?? null,
          workspace: workspace.id,
          role: workspace.role,
        },
      )
      cli.out.next('grantry account oauth list-providers')
    })
  addExamples(command, [
    { command: 'grantry login', what: 'The server on this machine' },
    {
      command: 'grantry login --url https://connect.example.com --profile prod --no-browser',
      what: 'Another one, over SSH: open the printed address anywhere',
    },
    { command: 'grantry login --api-key-stdin < key.txt', what: 'With an API key, for scripts' },
  ])
}

/** What is named; else the profile of that address, the one in use, or a new one named after the host. */
function choose(cli: Cli, { profiles, current }: Profiles): { name: string; url: string } {
  const { profile, configName, url: given } = cli.options
  const named = profile ?? configName ?? (cli.env.GRANTRY_PROFILE || undefined)
  const known = named ?? current
  const address =
    given ?? (cli.env.GRANTRY_URL || undefined) ?? (known ? profiles[known]?.url : undefined) ?? defaultUrl
  const url = originOf(address)
  if (named !== undefined) return { name: named, url }
  if (current !== null && profiles[current]?.url === url) return { name: current, url }
  const same = Object.keys(profiles).find((name) => profiles[name]!.url === url)
  return {
    name: same ?? (profiles.default ? new URL(url).hostname.replace(/[^a-z0-9.-]/gi, '') : 'default'),
    url,
  }
}

async function signIn(cli: Cli, url: string, browser: boolean) {
  const endpoints = await findEndpoints(url, cli.signal)
  const device = await startDevice(endpoints, cli.signal)
  cli.stderr.write(`Open ${device.address} and type the code ${device.userCode}\n`)
  if (browser) await cli.openBrowser(device.fullAddress)
  return cli.waiting('Waiting for you to allow it in the browser', () =>
    awaitDevice(endpoints, device, cli.signal),
  )
}

/** Only what works is saved. */
async function save(cli: Cli, name: string, profile: Profile) {
  const { url, api_key, login } = profile
  const { Grantry } = await import('@grantry/sdk')
  const grantry = new Grantry({ url, signal: cli.signal, token: api_key ?? login!.access_token })
  const account = await grantry.account.get()
  const replaced = await updateProfiles(cli.env, (file) => {
    const before = file.profiles[name] ?? null
    file.profiles[name] = profile
    file.current = name
    return before
  })
  return { account, replaced }
}

/** The sign-in before this one would live on unseen. That it could not be ended is no reason to fail. */
async function forget(cli: Cli, { url, login }: Profile): Promise<void> {
  if (!login) return
  try {
    await revokeLogin(await findEndpoints(url, cli.signal), login, cli.signal)
  } catch (error) {
    cli.out.warn(`the sign-in that was saved before was not ended at the server: ${(error as Error).message}`)
  }
}
