import type { Provider } from './provider.ts'

export const stripe: Provider = {
  name: 'stripe',
  display_name: 'Stripe',
  category: 'payments',
  docs_url: 'https://docs.stripe.com/connect/oauth-reference',
  register_url: 'https://dashboard.stripe.com/settings/connect/onboarding-options/oauth',
  grant_types: ['authorization_code'],

  authorization_url: 'https://connect.stripe.com/oauth/authorize',
  token_url: 'https://connect.stripe.com/oauth/token',
  authorize: { pkce: 'none' },
  callback: { code_lifetime: 300 },
  // The client secret is the platform's secret key.
  token: { auth_method: 'client_secret_post' },
  token_response: { metadata: { stripe_user_id: 'stripe_user_id', livemode: 'livemode' } },
  // Tokens do not end by time; the refresh token serves to get one of another scope or mode.
  refresh: { by: 'none' },
  revocation: {
    url: 'https://connect.stripe.com/oauth/deauthorize',
    // It is the account that is let go, not a token; the platform's key says who asks.
    auth: 'secret',
    token: 'none',
    extra: { client_id: '{client_id}', stripe_user_id: '{stripe_user_id}' },
    ends_siblings: true,
  },
  api: { base_url: 'https://api.stripe.com' },
  account: {
    url: '/v1/account',
    id: 'id',
    label: 'settings.dashboard.display_name',
    email: 'email',
  },

  scopes: {
    read: [{ scope: 'read_only', sentence: 'See your payments, customers and balance.' }],
    write: [
      {
        scope: 'read_write',
        sentence: 'See your payments, customers and balance, and take payments and give refunds for you.',
      },
    ],
  },
  notes:
    'The client id is the one of Connect (ca_…), the client secret the secret key of the platform (sk_…), live or test. Exactly one scope can be asked for.',
  provenance: [
    'https://docs.stripe.com/connect/oauth-reference',
    'https://docs.stripe.com/connect/oauth-standard-accounts',
    'https://docs.stripe.com/api/accounts/retrieve',
    'https://hexdocs.pm/stripity_stripe/1.6.0/Stripe.Connect.html',
    'https://www.npmjs.com/package/grant',
  ],
}
