import { encodeId, memberScope, oauthScopes } from '@grantry/api'
import Provider, { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { deployment } from '../vault/deployment.ts'
import { compareSecretsByHash, prefixTokens } from './adapt-models.ts'
import { createAdapter } from './adapter.ts'
import { allowedScopes, defaultScope } from './allowed-scopes.ts'
import { extraMetadata, findClient, toProviderMetadata } from './client-store.ts'
import { isCommandLine } from './command-line.ts'
import { completeAnswers } from './complete-answers.ts'
import { findPerson } from './find-person.ts'
import { followSignIn } from './follow-sign-in.ts'
import { logFaults } from './log-faults.ts'
import { mintClientSecret } from './mint-client-secret.ts'
import { noteClientUse } from './note-client-use.ts'
import { confirmDevicePage, deviceDonePage, enterCodePage, errorPage } from './pages.ts'
import { routes } from './paths.ts'
import { presentRegistrations } from './read-registration.ts'
import { createRecordIds } from './record-id.ts'
import { removeRegistered, saveRegistered } from './registered-clients.ts'
import { findResource } from './resources.ts'
import type { SigningKeys } from './signing-keys.ts'
import { readSubject } from './subject.ts'
import { tokenEndpoint } from './token-endpoint.ts'
import { exchangeTokens, type OfTokens, tokenExchange } from './token-exchange.ts'
import { createUnits } from './unit.ts'

const minute = 60
const day = 86_400

/** The certified core with our storage, our pages and our rules. It answers Node requests: `provider.callback()`. */
export function createProvider(ctx: Context, keys: SigningKeys, tokens: OfTokens): Provider {
  const { config } = ctx
  const https = config.publicUrl.startsWith('https:')
  const units = createUnits()
  const ids = createRecordIds(keys.secret)
  const adapter = createAdapter(ctx, ids, units, {
    metadataOf: toProviderMetadata,
    save: (metadata) => saveRegistered(ctx, metadata),
    remove: (clientId) => removeRegistered(ctx, clientId),
  })
  const send = ctx.egress.forWorkspace(encodeId('ws', deployment))
  const cookie = { httpOnly: true, sameSite: 'lax', secure: https, signed: true } as const
  const resourceOf = async (identifier: string) => {
    const resource = await findResource(ctx, identifier)
    if (!resource) throw new errors.InvalidTarget()
    return resource
  }

  const configuration: Configuration = {
    adapter,
    routes: { ...routes },
    jwks: { keys: keys.jwks as never },
    cookies: {
      keys: [keys.secret],
      names: {
        session: `${https ? '__Host-' : ''}grantry_op`,
        interaction: 'grantry_op_interaction',
        resume: 'grantry_op_resume',
      },
      long: { ...cookie, path: '/' },
      short: cookie,
    },
    // Also those of resources: the core holds a client's registered scope against this list.
    scopes: [...oauthScopes, memberScope],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    // Clients read claims from the ID token; the core's own userinfo would want tokens without an audience.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    pkce: { required: () => true },
    acceptQueryParamAccessTokens: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: 15,
    expiresWithSession: () => false,
    issueRefreshToken: (_koa, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: () => true,
    ttl: {
      AccessToken: 15 * minute,
      ClientCredentials: 15 * minute,
      AuthorizationCode: minute,
      DeviceCode: 15 * minute,
      Grant: 3650 * day,
      IdToken: 15 * minute,
      Interaction: 30 * minute,
      RefreshToken: 30 * day,
      RegistrationAccessToken: 3650 * day,
      Session: 14 * day,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        // RFC 7009 §2.1: somebody else's token stays; who has proved who they are is told so.
        allowedPolicy(_koa, client, token) {
          if (token.clientId === client.clientId) return true
          if (client.clientAuthMethod === 'none') return false
          throw new errors.InvalidRequest('client is not authorized to revoke the presented token')
        },
      },
      introspection: {
        enabled: true,
        // A client learns about its own tokens (RFC 7662 §2.1: others are not its business).
        allowedPolicy: (_koa, client, token) => token.clientId === client.clientId,
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: enterCodePage,
        userCodeConfirmSource: confirmDevicePage,
        successSource: deviceDonePage,
      },
      pushedAuthorizationRequests: { enabled: true },
      dPoP: { enabled: true },
      clientCredentials: { enabled: true },
      // Who may register is judged before the core sees it (registration-body.ts).
      registration: {
        enabled: config.registration !== 'off',
        initialAccessToken: false,
        idFactory: () => encodeId('cli', newId(ctx)),
        secretFactory: () => mintClientSecret(ctx.random),
      },
      registrationManagement: {
        enabled: config.registration !== 'off',
        rotateRegistrationAccessToken: false,
      },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_koa, _client, oneOf) => (oneOf ? oneOf : config.publicUrl),
        useGrantedResource: () => true,
        async getResourceServerInfo(_koa, identifier, client) {
          const resource = await resourceOf(identifier)
          const stored = await findClient(ctx, client.clientId)
          return {
            audience: resource.audience,
            scope: allowedScopes(stored, resource).join(' '),
            accessTokenFormat: 'opaque',
          }
        },
      },
    },
    extraClientMetadata: { properties: [...extraMetadata] },
    // They run for every authorization request, whether it carries the parameter or not.
    extraParams: {
      // The core has a mode more than the metadata names: a code in a fragment is open to every script of the page.
      grantry_response_mode({ oidc: { params } }) {
        if (params?.response_mode !== 'fragment') return
        params.response_mode = undefined
        throw new errors.UnsupportedResponseMode()
      },
      async grantry_scope(koa) {
        const { params, client } = koa.oidc
        if (!params || !client) return
        const [identifier] = [params.resource].flat() as string[]
        const resource = await resourceOf(identifier ?? config.publicUrl)
        const stored = await findClient(ctx, client.clientId)
        const asked = params.scope as string | undefined
        if (!asked) {
          params.scope = defaultScope(stored, resource)
          return
        }
        // RFC 6749 §3.3: less may be given than was asked for; the answer says what.
        const allowed: ReadonlySet<string> = new Set(allowedScopes(stored, resource))
        const given = asked.split(' ').filter((scope) => allowed.has(scope))
        if (given.length === 0)
          throw new errors.InvalidScope('none of these scopes can be given to this client', asked)
        params.scope = given.join(' ')
      },
    },
    // A page that runs in a browser may ask where it is registered itself (RFC 6749 §10.1 leaves it without a secret).
    clientBasedCORS: (_koa, origin, client) =>
      origin !== 'null' &&
      client.tokenEndpointAuthMethod === 'none' &&
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    interactions: { url: (_koa, interaction) => `/oauth/interaction/${interaction.uid}` },
    async findAccount(_koa, sub) {
      const subject = readSubject(sub)
      const person = subject && (await findPerson(ctx, subject))
      if (!person) return undefined
      const { email, name } = person
      return {
        accountId: sub,
        claims: async () => ({
          sub,
          ...(email === null ? {} : { email }),
          ...(name === null ? {} : { name }),
        }),
      }
    },
    async loadExistingGrant(koa) {
      const { client, result, session } = koa.oidc
      // Each terminal is asked about and ends by itself, also where one browser allowed them all.
      const before = isCommandLine(client!) ? undefined : session?.grantIdFor(client!.clientId)
      const id = result?.consent?.grantId ?? before
      return id ? koa.oidc.provider.Grant.find(id) : undefined
    },
    renderError: errorPage,
    async fetch(url, init = {}) {
      const { method, headers, body, signal } = init as RequestInit
      return send(String(url), {
        ...(method === undefined ? {} : { method }),
        ...(headers === undefined ? {} : { headers }),
        ...(body === undefined || body === null ? {} : { body }),
        ...(signal === undefined || signal === null ? {} : { signal }),
        deadlineMs: 5000,
        maxBytes: 64 * 1024,
      }) as unknown as Response
    },
  }

  const provider = new Provider(config.publicUrl, configuration)
  // What reaches it says where it came in (see routes.ts), so that cookies are secure behind a proxy that ends TLS.
  provider.proxy = true
  prefixTokens(provider)
  compareSecretsByHash(provider)
  completeAnswers(provider, ctx)
  logFaults(provider, ctx)
  provider.use(followSignIn(ctx, provider, adapter('Session')) as never)
  const { grantType, parameters } = tokenExchange
  provider.registerGrantType(grantType, exchangeTokens(ctx, tokens), parameters)
  noteUses(provider, ctx)
  provider.use(presentRegistrations as never)
  provider.use(tokenEndpoint(ctx, units) as never)
  return provider
}

/** A client that gets tokens is in use: nobody should wonder, and no sweep take it. */
function noteUses(provider: Provider, ctx: Context): void {
  provider.on('grant.success', (koa: KoaContextWithOIDC) => {
    findClient(ctx, koa.oidc.client!.clientId)
      .then((client) => client && noteClientUse(ctx, client))
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'last use of an OAuth client was not noted'))
  })
}
