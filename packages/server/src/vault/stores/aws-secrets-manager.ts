import { callAws, clientOptions } from '../aws.ts'
import { VaultError } from '../errors.ts'
import { nameOf, nowhere, type SecretStore } from './secret-store.ts'

/** The shortest that AWS has. Until then a secret can be had back, and costs nothing. */
const recoveryDays = 7

/**
 * AWS Secrets Manager: a secret for each item, written once, its value as SecretBinary. AWS advises against new values of
 * one secret more often than every 10 minutes, and keeps no more than 100 of them; new secrets know neither limit.
 */
export async function awsSecretsManager(prefix: string): Promise<SecretStore> {
  const {
    SecretsManagerClient,
    CreateSecretCommand,
    DeleteSecretCommand,
    GetSecretValueCommand,
    RestoreSecretCommand,
  } = await import('@aws-sdk/client-secrets-manager')
  const client = new SecretsManagerClient(clientOptions)
  const what = (action: string) => `AWS Secrets Manager, ${action}`

  const read = (SecretId: string) =>
    callAws(
      what('GetSecretValue'),
      (options) => client.send(new GetSecretValueCommand({ SecretId }), options),
      'ResourceNotFoundException',
      'InvalidRequestException',
    )

  const store: SecretStore = {
    async put(item, record) {
      const { table, column, row } = item.place
      await callAws(
        what('CreateSecret'),
        (options) =>
          client.send(
            new CreateSecretCommand({
              Name: nameOf(prefix, item),
              // The same try, sent again, is one secret (also where its answer was lost).
              ClientRequestToken: item.id,
              SecretBinary: record,
              Description: `Grantry, sealed: ${table}.${column} of ${row}`,
              Tags: [{ Key: 'grantry', Value: prefix }],
            }),
            options,
          ),
        // Whoever puts a value reads it back: there it shows whether it is this one.
        'ResourceExistsException',
      )
    },
    async get(item) {
      const SecretId = nameOf(prefix, item)
      let found = await read(SecretId)
      if (found === 'InvalidRequestException') {
        // It is marked for deletion, and a row points at it: a backup was brought back.
        await callAws(what('RestoreSecret'), (options) =>
          client.send(new RestoreSecretCommand({ SecretId }), options),
        )
        found = await read(SecretId)
      }
      if (found === 'ResourceNotFoundException') return null
      if (found === 'InvalidRequestException')
        throw new VaultError('vault_unavailable', `${what('GetSecretValue')}: it is marked for deletion`)
      return found.SecretBinary ?? null
    },
    async remove(item) {
      await callAws(
        what('DeleteSecret'),
        (options) =>
          client.send(
            new DeleteSecretCommand({ SecretId: nameOf(prefix, item), RecoveryWindowInDays: recoveryDays }),
            options,
          ),
        'ResourceNotFoundException',
        // Marked for deletion already.
        'InvalidRequestException',
      )
    },
    check: async () => void (await store.get(nowhere)),
    // The SDK's credentials renew themselves.
    renew: async () => {},
    close: async () => client.destroy(),
  }
  return store
}
