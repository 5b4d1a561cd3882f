import { expectTypeOf, test } from 'vitest'
import type {
  AccessToken,
  Agent,
  Connection,
  Credentials,
  Grantry,
  Integration,
  ListPage,
  NeedsReauthError,
  Page,
} from './index.ts'

// Held by `tsc`: at run time nothing is asked.
test('types say what the contract says', () => {
  type Method<R extends keyof Grantry, M extends keyof Grantry[R]> = Grantry[R][M] extends (
    ...given: never
  ) => infer T
    ? T
    : never

  expectTypeOf<Method<'connections', 'get'>>().toEqualTypeOf<Promise<Connection>>()
  expectTypeOf<Method<'connections', 'list'>>().toEqualTypeOf<Page<Connection>>()
  expectTypeOf<Awaited<Method<'integrations', 'list'>>>().toEqualTypeOf<ListPage<Integration>>()
  expectTypeOf<Connection['status']>().toEqualTypeOf<'pending' | 'active' | 'needs_reauth' | 'revoked'>()
  expectTypeOf<Connection['provider']>().toEqualTypeOf<string | null>()
  expectTypeOf<AccessToken['expires_in']>().toEqualTypeOf<number | null>()
  expectTypeOf<NeedsReauthError['connectUrl']>().toEqualTypeOf<string | null>()
  expectTypeOf<Grantry['fetch']>().returns.toEqualTypeOf<typeof fetch>()
  expectTypeOf<
    ReturnType<Agent['getOAuthProvider']>['getCredentials']
  >().returns.resolves.toEqualTypeOf<Credentials | null>()
})

test('what the API would refuse does not compile', () => {
  const refused = (grantry: Grantry) => {
    // @ts-expect-error a field that there is not
    grantry.connections.list({ enduser: 'u_17' })
    // @ts-expect-error a value that there is not
    grantry.connections.list({ status: 'lost' })
    // @ts-expect-error an id is needed
    grantry.connections.get()
    // @ts-expect-error what is needed is missing
    grantry.connections.import({ end_user: { id: 'u_17' } })
    // @ts-expect-error a token is no field of a connection
    grantry.connections.get('con_1').then(({ access_token }) => access_token)
    // @ts-expect-error seconds are a number
    grantry.connections.token('con_1', {}, { timeout: '5' })
  }
  expectTypeOf(refused).parameter(0).toEqualTypeOf<Grantry>()
})
