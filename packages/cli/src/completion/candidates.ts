import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { readProfiles } from '../profiles/file.ts'

/** What may stand in a place of a command line. Called at a Tab: quick, and silent where it cannot know. */
export type Candidates = (cli: Cli) => Promise<Candidate[]>

export type Candidate = { value: string; hint?: string | null }

type Places = {
  /** For each argument in order. */
  arguments?: Candidates[]
  /** By the option's long name, `--app`. */
  options?: Record<string, Candidates>
}

const known = new WeakMap<Command, Places>()

/** Says how a command's arguments and options are completed. Choices and files need no saying. */
export function completes(command: Command, places: Places): void {
  known.set(command, places)
}

export const placesOf = (command: Command): Places => known.get(command) ?? {}

/** Every provider of the catalogue. */
export const providerNames: Candidates = async () => {
  const { catalogue } = await import('@grantry/providers')
  return [...catalogue].map(([value, { display_name }]) => ({ value, hint: display_name }))
}

export const profileNames: Candidates = async (cli) => {
  const { profiles } = await readProfiles(cli.env)
  return Object.entries(profiles).map(([value, { url }]) => ({ value, hint: url }))
}

/** How long a Tab waits for a server. */
const patienceMs = 1500

/**
 * Ids from the server, where somebody is signed in and it answers at once.
 * @example completes(command, { arguments: [fromServer(async (grantry) => (await grantry.apps.list({ limit: 100 })).data.map(({ id, name }) => ({ value: id, hint: name })))] })
 */
export function fromServer(
  list: (grantry: Awaited<ReturnType<Cli['client']>>) => Promise<Candidate[]>,
): Candidates {
  return async (cli) => {
    const late = Promise.withResolvers<Candidate[]>()
    const timer = setTimeout(() => late.resolve([]), patienceMs)
    try {
      return await Promise.race([late.promise, cli.client().then(list)])
    } finally {
      clearTimeout(timer)
    }
  }
}

export const appIds = fromServer(async (grantry) =>
  (await grantry.apps.list({ limit: 100 })).data.map(({ id, name }) => ({ value: id, hint: name })),
)

export const integrationIds = fromServer(async (grantry) =>
  (await grantry.integrations.list({ limit: 100 })).data.map(({ id, label }) => ({ value: id, hint: label })),
)

export const connectionIds = fromServer(async (grantry) =>
  (await grantry.connections.list({ limit: 100 })).data.map(({ id, provider, end_user, status }) => ({
    value: id,
    hint: [provider, end_user?.id, status].filter(Boolean).join(' '),
  })),
)

export const apiKeyIds = fromServer(async (grantry) =>
  (await grantry.apiKeys.list({ limit: 100 })).data.map(({ id, name }) => ({ value: id, hint: name })),
)

export const clientIds = fromServer(async (grantry) =>
  (await grantry.oauthClients.list({ limit: 100 })).data.map(({ id, client_name }) => ({
    value: id,
    hint: client_name,
  })),
)

export const mcpServerIds = fromServer(async (grantry) =>
  (await grantry.mcpServers.list()).data.flatMap(({ instances }) =>
    instances.map(({ id, mcp_server, access_type }) => ({ value: id, hint: `${mcp_server} ${access_type}` })),
  ),
)
