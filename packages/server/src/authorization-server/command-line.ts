import { memberScope } from '@grantry/api'
import { deployment } from '../vault/deployment.ts'
import type { StoredClient } from './client-store.ts'

/** The client id of `grantry login`, the same in every deployment. No registration can make one: theirs begin with `cli_`. */
export const commandLineId = 'grantry-cli'

/**
 * The command line as a client: built in, public (whatever a program carries is no secret) and for the device flow only, so
 * that no web page can be sent back to with its grants. It alone may ask for {@link memberScope}.
 */
export const commandLine: StoredClient = {
  workspace: deployment,
  id: deployment,
  clientId: commandLineId,
  origin: 'built_in',
  metadata: {
    client_id: commandLineId,
    client_name: 'Grantry command line',
    redirect_uris: [],
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    scope: memberScope,
  },
  createdAt: 0,
  lastUsedAt: null,
  secretHashes: [],
}

export const isCommandLine = (client: Pick<StoredClient, 'clientId'> | null): boolean =>
  client?.clientId === commandLineId
