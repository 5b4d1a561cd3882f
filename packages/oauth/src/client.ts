import type { TokenAuthMethod } from './profile.ts'
import type { Secret } from './secret.ts'

/** The registration at the provider. `auto` takes what the profile says, then what works. */
export type Client = { client_id: string; client_secret: Secret | null; auth_method: TokenAuthMethod }
