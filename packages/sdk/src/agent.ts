import { Grantry, type GrantryOptions } from './client.ts'
import type { Credentials, CredentialsOptions } from './credentials.ts'
import { readEnvironment } from './environment.ts'
import { GrantryError, NeedsReauthError, NotFoundError } from './errors.ts'

export type AgentOptions = GrantryOptions &
  CredentialsOptions & {
    /** A client that there is already, in place of one of the agent's own. */
    grantry?: Grantry | undefined
  }

/** Where an agent gets the credentials of its end user's connections. */
export type OAuthProvider = {
  /**
   * Of the connection that a provider's name (`gmail`), an integration's id or a connection's id means; null where nobody
   * has connected it, or it has to be connected again.
   */
  getCredentials(name: string, options?: CredentialsOptions): Promise<Credentials | null>
}

/**
 * The base of an agent that acts for an end user: `endUser` of the options, else GRANTRY_END_USER, else the workspace itself.
 *
 * @example
 * class EmailAgent extends Agent {
 *   async process() {
 *     const gmail = await this.getOAuthProvider().getCredentials('gmail')
 *     if (!gmail) return { error: 'Gmail not authenticated' }
 *   }
 * }
 */
export class Agent {
  readonly grantry: Grantry
  readonly #whose: CredentialsOptions

  constructor({ grantry, endUser = readEnvironment().endUser, app, ...options }: AgentOptions = {}) {
    this.grantry = grantry ?? new Grantry(options)
    this.#whose = { endUser, app }
  }

  getOAuthProvider(): OAuthProvider {
    return {
      getCredentials: async (name, options) => {
        const credentials = this.grantry.credentials(name, { ...this.#whose, ...options })
        try {
          await credentials.getToken()
          return credentials
        } catch (error) {
          if (isNotConnected(error)) return null
          throw error
        }
      },
    }
  }
}

/** A person has to connect first, for the first time or again. */
function isNotConnected(error: unknown): boolean {
  return (
    error instanceof NotFoundError ||
    error instanceof NeedsReauthError ||
    (error instanceof GrantryError && error.code === 'connection_not_ready')
  )
}
