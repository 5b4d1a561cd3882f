import type { Provider } from './provider.ts'
import { salesforceTools } from './tools/salesforce.ts'

export const salesforce: Provider = {
  name: 'salesforce',
  display_name: 'Salesforce',
  category: 'crm',
  docs_url: 'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],

  params: {
    login_url: {
      label: 'Login address',
      description:
        'Where people sign in: login.salesforce.com, test.salesforce.com for sandboxes, or the My Domain of one company.',
      example: 'https://acme.my.salesforce.com',
      default: 'https://login.salesforce.com',
    },
  },
  origins: {
    login_url: ['.salesforce.com'],
    instance_url: ['.salesforce.com', '.salesforce.mil'],
  },
  authorization_url: '{login_url}/services/oauth2/authorize',
  token_url: '{login_url}/services/oauth2/token',
  authorize: { always_scopes: ['refresh_token', 'openid'] },
  callback: { code_lifetime: 900 },
  token: { auth_method: 'client_secret_post' },
  token_response: {
    // The answer has no lifetime: a token lives as long as the company's session timeout, two hours unless changed; see introspection.
    default_expires_in: 7200,
    error_codes: { invalid_client_id: 'invalid_client', invalid_client_credentials: 'invalid_client' },
    metadata: { instance_url: 'instance_url', identity_url: 'id' },
  },
  // The same refresh token goes on, unless the app was told to rotate; how long is a setting of the app too.
  refresh: { rotates: false },
  revocation: { url: '{login_url}/services/oauth2/revoke', auth: 'none' },
  // Tells when this session ends, which the token answer does not.
  introspection: { url: '{login_url}/services/oauth2/introspect' },
  api: { base_url: '{instance_url}' },
  account: {
    url: '/services/oauth2/userinfo',
    id: 'user_id',
    label: 'preferred_username',
    email: 'email',
    metadata: { organization_id: 'organization_id' },
  },

  scopes: {
    // Salesforce has no scope that only reads: what can be done is what the person's profile allows.
    read: [{ scope: 'api', sentence: 'See and change whatever you can see and change in Salesforce.' }],
    write: [{ scope: 'api', sentence: 'See and change whatever you can see and change in Salesforce.' }],
    always: [
      { scope: 'refresh_token', sentence: 'Keep this access when you are away, until you end it.' },
      { scope: 'openid', sentence: 'Know which Salesforce user you are.' },
    ],
  },
  tools: salesforceTools,
  notes:
    'Each company has its own address, told when it connects. Where a session timeout is shorter than two hours, the first call that is refused starts the refresh. ' +
    'Five grants of one user to one app are kept; a sixth ends the oldest. Client credentials need the My Domain as login address.',
  provenance: [
    'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_web_server_flow.htm',
    'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_refresh_token_flow.htm',
    'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_revoke_token.htm',
    'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flow_errors.htm',
    'https://help.salesforce.com/s/articleView?id=sf.remoteaccess_using_userinfo_endpoint.htm',
    'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oidc_token_introspection_endpoint.htm',
    'https://www.npmjs.com/package/arctic',
    'https://developer.salesforce.com/docs/platform/api-rest/guide/resources-query.html',
  ],
}
