import type { errors, KoaContextWithOIDC, default as Provider } from 'oidc-provider'
import type { Context } from '../context.ts'

/** Errors are vague to the caller, by intent; what they were is in the log, under the request's id. */
export function logFaults(provider: Provider, { log }: Context): void {
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
