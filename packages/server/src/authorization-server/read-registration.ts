import type { Context } from '../context.ts'
import { deployment } from '../vault/deployment.ts'
import { cleanRegistration } from './clean-registration.ts'
import { clientSecretMatches, extraMetadata, type StoredClient, storedAsHash } from './client-store.ts'
import { routes } from './paths.ts'
import { RegistrationError } from './registration-error.ts'
import { findRegistrationToken } from './registration-tokens.ts'

type Body = Record<string, unknown>

/**
 * A registration as the core gets it: cleaned, and with the workspace that its initial access token binds it to.
 * `authorization`: the header. RFC 7591 §3.
 * @throws RegistrationError
 */
export async function readRegistration(
  ctx: Pick<Context, 'clock' | 'config' | 'db'>,
  { authorization, body }: { authorization: string | undefined; body: unknown },
): Promise<Body> {
  const workspace = await admit(ctx, authorization)
  return { ...cleanRegistration(body), workspace }
}

/**
 * A change as the core gets it (RFC 7592 §2.2). A secret that comes with it must be one of the client's, and is not
 * changed by it.
 * @throws RegistrationError
 */
export function readRegistrationUpdate(stored: StoredClient, body: unknown): Body {
  const cleaned = cleanRegistration(body)
  const given = body as Body
  if (given.client_secret !== undefined && !clientSecretMatches(stored, given.client_secret))
    throw new RegistrationError('invalid_request', "client_secret is not this client's")
  // The core refuses those that must not be there, and another's client_id.
  const judged = [
    'client_id',
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ]
  const passedOn = judged.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]))
  return {
    ...cleaned,
    ...Object.fromEntries(passedOn),
    workspace: stored.workspace,
    registered_at: stored.createdAt,
  }
}

/** What the core answers of a registered client, as its client may see it: without what is ours. */
function presentRegistration(answer: Body): Body {
  const shown = { ...answer }
  for (const name of extraMetadata) delete shown[name]
  if (shown.client_secret === storedAsHash) {
    delete shown.client_secret
    delete shown.client_secret_expires_at
  }
  return shown
}

/** Around the core's registration endpoints: nobody is shown what only we look at. */
export async function presentRegistrations(
  koa: { path: string; body: unknown },
  next: () => Promise<void>,
): Promise<void> {
  await next()
  if (koa.path.startsWith(routes.registration) && typeof koa.body === 'object' && koa.body !== null)
    koa.body = presentRegistration(koa.body as Body)
}

/** @returns the workspace that the client will belong to */
async function admit(
  ctx: Pick<Context, 'clock' | 'config' | 'db'>,
  authorization: string | undefined,
): Promise<string> {
  const { registration } = ctx.config
  if (registration === 'off')
    throw new RegistrationError('access_denied', 'Clients cannot register themselves here.', 403)
  if (authorization === undefined && registration === 'open') return deployment
  const token = authorization?.match(/^Bearer +([\x21-\x7e]{1,1024})$/i)?.[1]
  const found = token === undefined ? null : await findRegistrationToken(ctx, token)
  if (!found)
    throw new RegistrationError(
      'invalid_token',
      'Registering here needs an initial access token that has not ended.',
      401,
    )
  return found.workspace
}
