import type { Cli } from './cli.ts'

/** Body of `POST /api/v1/credentials/oauth/register`. */
export type Registration = {
  provider_name: string
  client_id: string
  client_secret?: string | undefined
  redirect_uri?: string | undefined
  token_data?: Record<string, unknown> | undefined
  app_id?: string | undefined
}

/** `provider_id` is the integration's UUID. */
export type Registered = { success: true; provider_id: string; message: string }

/** Registers an OAuth app, or changes the one of that name. The provider is asked whether the credentials are good. */
export async function registerProvider(cli: Cli, body: Registration): Promise<Registered> {
  const grantry = await cli.client()
  return cli.waiting('Checking the credentials at the provider', () =>
    grantry.request<Registered>('POST', '/api/v1/credentials/oauth/register', { body }),
  )
}
