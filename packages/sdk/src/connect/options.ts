import type { Grantry } from '../client.ts'
import type { Connection, CreateConnectSessionInput, EndUserInput } from '../contract.ts'

/** How an app lets its signed-in users connect accounts; `R` is the framework's request. */
export type ConnectOptions<R> = {
  /** Default: a client by the environment. */
  grantry?: Grantry | undefined
  /** Who is signed in, as your own code knows it: your id, or id and name; null for nobody. */
  endUser: (request: R) => Known | Promise<Known>
  /** Where `finish` is, in full; it stands in the workspace's `return_urls`. */
  finishUrl: string
  /** Where people go on to, with `?connection=con_…` or `?connect_error=CODE`; or a function that says where. Default `/`. */
  returnTo?: string | ((outcome: Outcome, request: R) => string) | undefined
  /** What is connected. Default: `?provider=` of the request to `start`. */
  session?: ((request: R) => SessionChoice | Promise<SessionChoice>) | undefined
  /** `start` is opened in a popup: its opener is told and the window closes. */
  popup?: boolean | undefined
  /** Called with the new connection, before the browser goes on. */
  onConnected?: ((connection: Connection, request: R) => void | Promise<void>) | undefined
}

export type Known = string | EndUserInput | null | undefined

/** The parts of a connect session that are the app's to choose. */
export type SessionChoice = Pick<
  CreateConnectSessionInput,
  | 'provider'
  | 'providers'
  | 'integration'
  | 'integrations'
  | 'app_id'
  | 'access_type'
  | 'scopes'
  | 'connection_id'
  | 'allow_account_change'
>

export type Outcome =
  | { connection: Connection }
  /** A code of Grantry's catalogue, an OAuth error of the provider, `not_signed_in` or `unknown_session`. */
  | { error: string; description: string | null }
