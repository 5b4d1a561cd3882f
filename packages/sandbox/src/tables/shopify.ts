import { createHmac } from 'node:crypto'
import { type Answer, json } from '../answer.ts'
import { parseSelection, pickFields } from '../graphql.ts'
import type { ApiCall, ProviderTable, RefusalFacts } from '../provider-table.ts'
import { randomHex } from '../random.ts'
import { SECRET_MARK } from '../secret-mark.ts'

// The real host is {shop}.myshopify.com; here the shop is a part of the path.
const SHOP = '/shops/:shop'
const domainOf = (shop: string) => `${shop}.myshopify.com`

const refused = (error: string, description: string, status = 400): RefusalFacts => ({
  status,
  error,
  description,
})
const badClient = refused('application_cannot_be_found', 'This app cannot be found.')
const badCode = refused('invalid_request', 'The authorization code was not found or was already used')

/** Over the other parameters in order, by the client secret: how an app knows that Shopify sent the person back. */
const signed = (query: Record<string, string>, secret: string): string =>
  createHmac('sha256', secret)
    .update(
      Object.keys(query)
        .sort()
        .map((name) => `${name}=${query[name]}`)
        .join('&'),
    )
    .digest('hex')

const shopOf = ({ account, params }: ApiCall): Answer =>
  json(200, {
    shop: {
      id: 54_816_300 + account.number,
      name: `${account.family_name} Engines`,
      email: account.email,
      domain: domainOf(params.shop!),
      myshopify_domain: domainOf(params.shop!),
      shop_owner: account.name,
      country_code: 'GB',
      currency: 'GBP',
      iana_timezone: 'Europe/London',
      plan_name: 'partner_test',
    },
  })

const graphql = (call: ApiCall): Answer => {
  const { query } = (call.body ?? {}) as { query?: unknown }
  const asked = typeof query === 'string' ? parseSelection(query) : null
  const unknown = asked?.find(({ name }) => name !== 'shop')
  // Errors come with status 200.
  if (!asked || unknown) {
    const message = unknown
      ? `Field '${unknown.name}' doesn't exist on type 'QueryRoot'`
      : 'A query attribute must be specified and must be a string.'
    return json(200, { errors: [{ message }] })
  }
  const { account } = call
  const shop = {
    id: `gid://shopify/Shop/${54_816_300 + account.number}`,
    name: `${account.family_name} Engines`,
    email: account.email,
    contactEmail: account.email,
    shopOwnerName: account.name,
    myshopifyDomain: domainOf(call.params.shop!),
    currencyCode: 'GBP',
    ianaTimezone: 'Europe/London',
    primaryDomain: { host: domainOf(call.params.shop!), url: `https://${domainOf(call.params.shop!)}` },
    plan: { publicDisplayName: 'Development', partnerDevelopment: true },
  }
  const cost = {
    requestedQueryCost: 1,
    actualQueryCost: 1,
    throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1999, restoreRate: 100 },
  }
  return json(200, { data: pickFields({ shop }, asked), extensions: { cost } })
}

const createProduct = (call: ApiCall): Answer => {
  const { product } = (call.body ?? {}) as { product?: { title?: unknown } }
  if (!product) return json(400, { errors: { product: 'Required parameter missing or invalid' } })
  if (typeof product.title !== 'string' || product.title === '')
    return json(422, { errors: { title: ["can't be blank"] } })
  const products = call.data as { id: number; title: string; status: string }[]
  const made = { id: 632_910_392 + products.length, title: product.title, status: 'active' }
  products.push(made)
  call.send({ kind: 'product', summary: `product created: ${made.title}`, detail: made })
  return json(201, { product: made })
}

/** What changes things includes reading them. */
const readers = (thing: string) => [`read_${thing}`, `write_${thing}`]

/**
 * Shopify, offline access. Facts from shopify.dev/docs/apps/build/authentication-authorization (authorization-code-grant, access-scopes) and
 * /docs/api/admin-rest (shop, products, api_permissions, status codes).
 */
export const shopify: ProviderTable = {
  name: 'shopify',
  display_name: 'Shopify',
  real: true,
  client: { client_id: '104729005a6db0c50000000000000000', client_secret: `shpss_${SECRET_MARK}` },
  openid: false,
  paths: {
    authorize: [`${SHOP}/admin/oauth/authorize`],
    token: [`${SHOP}/admin/oauth/access_token`],
    revoke: [`${SHOP}/admin/api_permissions/current.json`],
  },
  bound_to: ['shop'],
  scopes: {
    read_products: { sentence: 'See products' },
    write_products: { sentence: 'See and change products' },
    read_orders: { sentence: 'See orders' },
    write_orders: { sentence: 'See and change orders' },
    read_customers: { sentence: 'See customers' },
    write_customers: { sentence: 'See and change customers' },
    read_inventory: { sentence: 'See inventory' },
    write_inventory: { sentence: 'See and change inventory' },
    read_fulfillments: { sentence: 'See fulfilments' },
    write_fulfillments: { sentence: 'See and change fulfilments' },
    read_locations: { sentence: 'See locations' },
    read_content: { sentence: 'See pages and posts' },
    write_content: { sentence: 'See and change pages and posts' },
    read_draft_orders: { sentence: 'See draft orders' },
    write_draft_orders: { sentence: 'See and change draft orders' },
    read_price_rules: { sentence: 'See discounts' },
    write_price_rules: { sentence: 'See and change discounts' },
    read_themes: { sentence: 'See themes' },
    write_themes: { sentence: 'See and change themes' },
  },
  settings: {
    expires_in: null,
    code_lifetime: 60,
    rotates: false,
    reuse_detection: false,
    leeway: 0,
    kills_access_token: false,
    refresh_idle_lifetime: null,
  },
  authorize: {
    scope_separators: /[ ,]+/,
    // Those of the application's configuration.
    default_scopes: ['read_products'],
    invalid_scope: 'page',
    response_type_required: false,
    pkce: 'ignored',
    granular: false,
    incremental: false,
    iss: false,
    callback: ({ client, place, now, query }) => {
      const shop = domainOf(place.shop ?? '')
      const told = {
        ...query,
        host: Buffer.from(`admin.shopify.com/store/${place.shop}`).toString('base64url'),
        shop,
        timestamp: String(Math.floor(now / 1000)),
      }
      return { ...told, hmac: signed(told, client.client_secret ?? '') }
    },
  },
  token: {
    client_auth: ['client_secret_post'],
    grant_types: ['authorization_code'],
    default_grant_type: 'authorization_code',
    body: ['form', 'json'],
    redirect_uri: 'ignored',
    refresh_token_when: () => false,
    replay_revokes: false,
    // Neither a type nor a lifetime.
    answer: (issued) => json(200, { access_token: issued.access_token, scope: issued.scopes.join(',') }),
    refusals: {
      parameter_missing: refused('invalid_request', 'Missing or invalid parameter: code'),
      client_missing: badClient,
      client_unknown: badClient,
      client_method: badClient,
      client_wrong_secret: refused('invalid_client', 'Client authentication failed'),
      grant_type_unsupported: refused('invalid_request', 'Unsupported grant_type'),
      code_unknown: badCode,
      code_used: badCode,
      code_expired: badCode,
    },
    refusal: ({ status, error, description }) => json(status, { error, error_description: description }),
  },
  revoke: {
    method: 'DELETE',
    auth: 'none',
    token_in: ['bearer'],
    parameter: 'token',
    // It uninstalls the app.
    ends: { access_token: 'account' },
    done: json(200, {}),
    unknown: json(401, {
      errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
    }),
    refusal: () =>
      json(401, {
        errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
      }),
  },
  api: {
    header: 'x-shopify-access-token',
    routes: [
      {
        method: 'GET',
        path: `${SHOP}/admin/api/:version/shop.json`,
        endpoint: 'account',
        scopes: [],
        handle: shopOf,
      },
      {
        method: 'POST',
        path: `${SHOP}/admin/api/:version/graphql.json`,
        endpoint: 'account',
        scopes: [],
        handle: graphql,
      },
      {
        method: 'GET',
        path: `${SHOP}/admin/oauth/access_scopes.json`,
        endpoint: 'api',
        scopes: [],
        handle: ({ scopes }) => json(200, { access_scopes: scopes.map((handle) => ({ handle })) }),
      },
      {
        method: 'GET',
        path: `${SHOP}/admin/api/:version/products.json`,
        endpoint: 'api',
        scopes: readers('products'),
        handle: ({ data }) => json(200, { products: data }),
      },
      {
        method: 'POST',
        path: `${SHOP}/admin/api/:version/products.json`,
        endpoint: 'api',
        scopes: ['write_products'],
        handle: createProduct,
      },
    ],
    unauthorized: json(401, {
      errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
    }),
    forbidden: (needed) =>
      json(403, {
        errors: `[API] This action requires merchant approval for ${needed[0]} scope.`,
      }),
    not_found: json(404, { errors: 'Not Found' }),
    seed: () => [{ id: 632_910_391, title: 'Punched cards', status: 'active' }],
  },
  strings: {
    code: (random) => `${SECRET_MARK}${randomHex(random, 16)}`,
    access_token: (random) => `shpat_${SECRET_MARK}${randomHex(random, 16)}`,
    refresh_token: (random) => `shprt_${SECRET_MARK}${randomHex(random, 16)}`,
  },
  overrides: (base) => ({
    authorization_url: `${base}/shops/{shop}/admin/oauth/authorize`,
    token_url: `${base}/shops/{shop}/admin/oauth/access_token`,
    revocation: { url: `${base}/shops/{shop}/admin/api_permissions/current.json` },
    api: { base_url: `${base}/shops/{shop}` },
    account: { url: `${base}/shops/{shop}/admin/api/2026-10/graphql.json` },
  }),
}
