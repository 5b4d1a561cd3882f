import type Provider from 'oidc-provider'
import { clientSecretMatches } from './client-store.ts'

/** Credentials are told apart by their prefix, and secret scanners find them. */
export function prefixTokens(provider: Provider): void {
  const prefixes = {
    AccessToken: 'gat_',
    ClientCredentials: 'gat_',
    RefreshToken: 'grt_',
    AuthorizationCode: 'gac_',
    DeviceCode: 'gdc_',
    RegistrationAccessToken: 'grg_',
  } as const
  for (const [model, prefix] of Object.entries(prefixes)) {
    const { prototype } = provider[model as keyof typeof prefixes] as unknown as {
      prototype: { generateTokenId(): string }
    }
    const generate = prototype.generateTokenId
    prototype.generateTokenId = function () {
      return prefix + generate.call(this)
    }
  }
}

/** Secrets are stored as hashes: what is compared is a hash, and more than one may be right for a while. */
export function compareSecretsByHash(provider: Provider): void {
  const { prototype } = provider.Client as unknown as {
    prototype: { compareClientSecret(secret: string): boolean; secret_hashes?: string[] }
  }
  prototype.compareClientSecret = function (secret) {
    return clientSecretMatches({ secretHashes: this.secret_hashes ?? [] }, secret)
  }
}
