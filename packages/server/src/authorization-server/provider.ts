import { encodeId, oauthScopes } from '@grantry/api'
import Provider, { type Adapter, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Context } from '../context.ts'
import { newId } from '../db/new-id.ts'
import { readSession } from '../members/read-session.ts'
import { createAdapter } from './adapter.ts'
import { allowedScopes, defaultScope } from './allowed-scopes.ts'
import { findAccessToken } from './authenticate-access-token.ts'
import { clientSecretMatches, extraMetadata, findClient, toProviderMetadata } from './client-store.ts'
import { deployment } from './deployment.ts'
import { findPerson } from './find-person.ts'
import { describeServer } from './metadata.ts'
import { mintClientSecret } from './mint-client-secret.ts'
import { noteClientUse } from './note-client-use.ts'
import { confirmDevicePage, deviceDonePage, enterCodePage, errorPage } from './pages.ts'
import { routes } from './paths.ts'
import { presentRegistrations } from './read-registration.ts'
import { createRecordIds } from './record-id.ts'
import { removeRegistered, saveRegistered } from './registered-clients.ts'
import { findResource } from './resources.ts'
import type { SigningKeys } from './signing-keys.ts'
import { readSubject, subjectOf, writeSubject } from './subject.ts'
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
    scopes: [...oauthScopes],
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
      const id = result?.consent?.grantId ?? session?.grantIdFor(client!.clientId)
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
  // What reaches it says where it came in (see mount.ts), so that cookies are secure behind a proxy that ends TLS.
  provider.proxy = true
  prefixTokens(provider)
  compareSecretsByHash(provider)
  describe(provider, ctx)
  logFaults(provider, ctx)
  provider.use(followSignIn(ctx, provider, adapter('Session')) as never)
  const { grantType, parameters } = tokenExchange
  provider.registerGrantType(grantType, exchangeTokens(ctx, tokens), parameters)
  noteUses(provider, ctx)
  provider.use(presentRegistrations as never)
  provider.use(tokenEndpoint(ctx, units) as never)
  return provider
}

/** Credentials are told apart by their prefix, and secret scanners find them. */
function prefixTokens(provider: Provider): void {
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
function compareSecretsByHash(provider: Provider): void {
  const { prototype } = provider.Client as unknown as {
    prototype: { compareClientSecret(secret: string): boolean; secret_hashes?: string[] }
  }
  prototype.compareClientSecret = function (secret) {
    return clientSecretMatches({ secretHashes: this.secret_hashes ?? [] }, secret)
  }
}

/** Adds to the core's answers what we do beside it. */
function describe(provider: Provider, ctx: Context): void {
  provider.use(async (koa: KoaContextWithOIDC, next: () => Promise<void>) => {
    await next()
    if (koa.path.startsWith('/.well-known/') && koa.status === 200)
      koa.body = describeServer(ctx, koa.body as Record<string, unknown>)
    if (koa.path === routes.introspection && koa.status === 200)
      koa.body = await introspect(ctx, koa.body as { active?: boolean }, koa.oidc.params?.token)
    // RFC 7009 §2.2 says nothing of a body, and some clients read each answer as JSON.
    if (koa.path === routes.revocation && koa.status === 200) koa.body = {}
  })
}

/** A client that gets tokens is in use: nobody should wonder, and no sweep take it. */
function noteUses(provider: Provider, ctx: Context): void {
  provider.on('grant.success', (koa: KoaContextWithOIDC) => {
    findClient(ctx, koa.oidc.client!.clientId)
      .then((client) => client && noteClientUse(ctx, client))
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'last use of an OAuth client was not noted'))
  })
}

/** What a token opens now, as the API judges it: within the member's role of today, and while they are there. */
async function introspect(ctx: Context, body: { active?: boolean }, token: unknown): Promise<object> {
  if (!body.active || typeof token !== 'string' || !token.startsWith('gat_')) return body
  const live = await findAccessToken(ctx, token)
  return live ? { ...body, scope: live.scopes.join(' ') } : { active: false }
}

/** Errors are vague to the caller, by intent; what they were is in the log, under the request's id. */
function logFaults(provider: Provider, { log }: Context): void {
  const facts = (koa: KoaContextWithOIDC, error: errors.OIDCProviderError) => ({
    request: koa.get('x-request-id'),
    client: koa.oidc?.client?.clientId,
    error: error.error,
    detail: error.error_detail ?? error.error_description,
  })
  const listen = provider.on.bind(provider) as (event: string, hear: (...facts: never[]) => void) => void
  for (const event of [
    'authorization.error',
    'grant.error',
    'introspection.error',
    'revocation.error',
    'registration_create.error',
    'registration_update.error',
    'pushed_authorization_request.error',
    'device_authorization.error',
    'code_verification.error',
    'device_resume.error',
  ])
    listen(event, (koa: KoaContextWithOIDC, error: errors.OIDCProviderError) =>
      log.info(facts(koa, error), `${event.split('.')[0]} refused`),
    )
  provider.on('server_error', (koa: KoaContextWithOIDC, error: Error) =>
    log.error({ err: error, request: koa.get('x-request-id') }, 'authorization server failed'),
  )
  // What breaks outside of the core's own steps: Koa would print it.
  provider.silent = true
  listen('error', (error: Error) => log.error({ err: error }, 'authorization server failed'))
}

/**
 * The core remembers by a cookie of its own whom it has seen. Whoever has signed out of Grantry since, or in as somebody
 * else, begins anew.
 */
function followSignIn(ctx: Context, provider: Provider, sessions: Adapter) {
  const starts: ReadonlySet<string> = new Set([routes.authorization, routes.code_verification])
  const name = provider.cookieName('session')
  return async (koa: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const resumesDevice = koa.path.startsWith(`${routes.code_verification}/`)
    const id = starts.has(koa.path) || resumesDevice ? koa.cookies.get(name, { signed: true }) : undefined
    const session = id ? await sessions.find(id) : undefined
    // A device's form belongs to the browser that got it; the core would fail over one that has no session.
    if (!session && (resumesDevice || (koa.method === 'POST' && koa.path === routes.code_verification))) {
      koa.redirect(routes.code_verification)
      koa.status = 303
      return
    }
    const account = resumesDevice ? undefined : session?.accountId
    if (account !== undefined) {
      const signedIn = await readSession(ctx, koa.req.headers)
      if (!signedIn || writeSubject(subjectOf(signedIn)) !== account)
        koa.req.headers.cookie = (koa.req.headers.cookie ?? '')
          .split(';')
          .filter((pair) => pair.trim().split('=')[0] !== name)
          .join(';')
    }
    await next()
  }
}
