import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, text, time } from './fields.ts'

export const memberRoles = ['owner', 'admin', 'developer', 'viewer'] as const
const role = z
  .enum(memberRoles)
  .describe(
    'owner and admin: everything, but only owners make and change owners; developer: everything but `admin`; viewer: reads, no tokens',
  )
const email = text(254)
/** Chosen by people: any characters but NUL, which no keyboard has. */
export const password = z
  .string()
  .max(1024)
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed text')

const member = z.object({
  id: id('mem', 'the member'),
  email: z.string(),
  name: z.string().nullable(),
  role,
  has_password: z.boolean().describe('false where an outside provider is the only way to sign in'),
  created_at: time,
  last_signed_in_at: time.nullable(),
})

const session = z.object({
  id: id('ses', 'the session'),
  current: z.boolean().describe('Whether this request came in it'),
  created_at: time,
  last_seen_at: time.describe('Accurate to a minute'),
  expires_at: time.describe('At the latest; sooner when it is not used'),
  network: z.string().describe('IPv4 address, or IPv6 /64, of the sign-in'),
  browser: z.string().nullable().describe('As the browser calls itself, such as "Firefox on Linux"'),
})

const invitation = z.object({
  id: id('inv', 'the invitation'),
  email: z.string().nullable().describe("null: the owner's sign-up link"),
  role,
  invited_by: id('mem', 'the member who invited').nullable(),
  created_at: time,
  expires_at: time,
})

const tag = 'Members'

export const listMembers = endpoint({
  method: 'GET',
  path: '/members',
  access: ['admin'],
  tag,
  summary: 'List the members of the workspace',
  query: z.strictObject(page),
  response: list(member),
})

export const updateMember = endpoint({
  method: 'PATCH',
  path: '/members/:id',
  access: ['admin'],
  tag,
  summary: "Change a member's role or name",
  description:
    'Another role ends the sessions of this member. Only an owner makes or changes owners, and the last owner stays one.',
  params: idParam('mem', 'the member'),
  body: z.strictObject({ role: role.optional(), name: text(120).nullable().optional() }),
  response: data(member),
})

export const deleteMember = endpoint({
  method: 'DELETE',
  path: '/members/:id',
  access: ['admin'],
  tag,
  summary: 'Remove a member; their sessions end at once',
  params: idParam('mem', 'the member'),
  response: data(z.object({ id: id('mem', 'the member'), deleted: z.literal(true) })),
})

export const listMemberSessions = endpoint({
  method: 'GET',
  path: '/members/:id/sessions',
  access: ['admin'],
  tag,
  summary: "List a member's sessions",
  params: idParam('mem', 'the member'),
  query: z.strictObject(page),
  response: list(session),
})

export const deleteMemberSessions = endpoint({
  method: 'DELETE',
  path: '/members/:id/sessions',
  access: ['admin'],
  tag,
  summary: 'End all sessions of a member',
  params: idParam('mem', 'the member'),
  response: data(z.object({ ended: z.number().int() })),
})

export const createInvitation = endpoint({
  method: 'POST',
  path: '/invitations',
  access: ['admin'],
  tag,
  summary: 'Invite somebody by a link',
  description: 'The link works once, for 7 days; it is shown once. An older invitation of this address ends.',
  status: 201,
  secret: true,
  body: z.strictObject({ email, role }),
  response: data(invitation.extend({ link: z.string().describe('Shown once') })),
})

export const listInvitations = endpoint({
  method: 'GET',
  path: '/invitations',
  access: ['admin'],
  tag,
  summary: 'List invitations that are still open, without their links',
  query: z.strictObject(page),
  response: list(invitation),
})

export const deleteInvitation = endpoint({
  method: 'DELETE',
  path: '/invitations/:id',
  access: ['admin'],
  tag,
  summary: 'Take an invitation back',
  params: idParam('inv', 'the invitation'),
  response: data(z.object({ id: id('inv', 'the invitation'), deleted: z.literal(true) })),
})

export const getSession = endpoint({
  method: 'GET',
  path: '/session',
  access: ['member'],
  tag: 'Session',
  summary: 'Tell who is signed in in this browser',
  description:
    'By cookie only. `csrf` goes into the header `x-csrf-token` of every request that is not a GET.',
  secret: true,
  response: data(
    z.object({
      session: session,
      member: member,
      workspace: z.object({ id: id('ws', 'the workspace'), name: z.string() }),
      scopes: z.array(z.string()),
      csrf: z.string(),
    }),
  ),
})

export const listSessions = endpoint({
  method: 'GET',
  path: '/sessions',
  access: ['member'],
  tag: 'Session',
  summary: 'List your own sessions',
  query: z.strictObject(page),
  response: list(session),
})

export const deleteSession = endpoint({
  method: 'DELETE',
  path: '/sessions/:id',
  access: ['member', 'admin'],
  tag: 'Session',
  summary: 'End a session: one of your own, or with `admin` any of the workspace',
  params: idParam('ses', 'the session'),
  response: data(z.object({ id: id('ses', 'the session'), ended: z.literal(true) })),
})

export const deleteOtherSessions = endpoint({
  method: 'DELETE',
  path: '/sessions',
  access: ['member'],
  tag: 'Session',
  summary: 'End all of your sessions but this one',
  response: data(z.object({ ended: z.number().int() })),
})

export const changePassword = endpoint({
  method: 'POST',
  path: '/account/password',
  access: ['member'],
  tag: 'Session',
  summary: 'Change your password, or set a first one; all of your other sessions end',
  body: z.strictObject({
    current_password: password.optional().describe('Not needed where there is none yet'),
    new_password: password.describe('12 to 128 characters'),
  }),
  response: data(z.object({ changed: z.literal(true) })),
})

export const updateAccount = endpoint({
  method: 'PATCH',
  path: '/account',
  access: ['member'],
  tag: 'Session',
  summary: 'Change your own name',
  body: z.strictObject({ name: text(120).nullable() }),
  response: data(member),
})

const identity = z.object({
  identity_provider: id('idp', 'the provider'),
  label: z.string(),
  issuer: z.string(),
  subject: z.string(),
  created_at: time,
})

export const listIdentities = endpoint({
  method: 'GET',
  path: '/account/identities',
  access: ['member'],
  tag: 'Session',
  summary: 'List the outside accounts that you sign in with',
  response: data(z.array(identity)),
})

export const listAccountProviders = endpoint({
  method: 'GET',
  path: '/account/identity-providers',
  access: ['member'],
  tag: 'Session',
  summary: 'List the OpenID providers where members of your workspace sign in',
  description: 'The page `/sign-in/link/{id}` links your account there.',
  response: data(
    z.array(
      z.object({
        id: id('idp', 'the provider'),
        label: z.string(),
        linked: z.boolean().describe('Whether you sign in there already'),
      }),
    ),
  ),
})

export const deleteIdentity = endpoint({
  method: 'DELETE',
  path: '/account/identities/:identity_provider',
  access: ['member'],
  tag: 'Session',
  summary: 'Stop signing in with the account at this provider',
  description: 'Refused for the last way in: set a password first.',
  params: z.object({ identity_provider: id('idp', 'the provider') }),
  response: data(z.object({ identity_provider: id('idp', 'the provider'), deleted: z.literal(true) })),
})

const audience = z
  .enum(['members', 'end_users'])
  .describe("Who signs in there. Of an end user, the provider's `sub` is the end user's id")

const identityProvider = z.object({
  id: id('idp', 'the provider'),
  label: z.string(),
  issuer: z.string(),
  audience,
  client_id: z.string(),
  has_client_secret: z.boolean(),
  scopes: z.array(z.string()),
  redirect_uri: z.string().describe('To be registered at the provider, character by character'),
  created_at: time,
  updated_at: time,
})

const settings = {
  label: text(60).describe('What the button says: "Sign in with …"'),
  client_id: text(512),
  client_secret: text(4096).nullable().describe('null for a public client'),
  scopes: z
    .array(
      z
        .string()
        .max(100)
        .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/),
    )
    .max(20)
    .describe('Besides `openid`'),
}

export const createIdentityProvider = endpoint({
  method: 'POST',
  path: '/identity-providers',
  access: ['admin'],
  tag,
  summary: 'Let people sign in at an OpenID provider',
  description:
    'The issuer is asked for its metadata (OpenID Connect Discovery) now. Members are linked by issuer and `sub`, never by e-mail address.',
  status: 201,
  body: z.strictObject({
    ...settings,
    client_secret: settings.client_secret.optional(),
    scopes: settings.scopes.default(['email', 'profile']),
    issuer: z.string().max(2048).describe('Exactly as the provider writes it'),
    audience,
  }),
  response: data(identityProvider),
})

export const listIdentityProviders = endpoint({
  method: 'GET',
  path: '/identity-providers',
  access: ['admin'],
  tag,
  summary: 'List the OpenID providers where people sign in',
  query: z.strictObject(page),
  response: list(identityProvider),
})

export const getIdentityProvider = endpoint({
  method: 'GET',
  path: '/identity-providers/:id',
  access: ['admin'],
  tag,
  summary: 'Show an OpenID provider',
  params: idParam('idp', 'the provider'),
  response: data(identityProvider),
})

export const updateIdentityProvider = endpoint({
  method: 'PATCH',
  path: '/identity-providers/:id',
  access: ['admin'],
  tag,
  summary: 'Change an OpenID provider; its metadata is asked for anew',
  description: 'Issuer and audience stay: people are known by them.',
  params: idParam('idp', 'the provider'),
  body: z.strictObject(settings).partial(),
  response: data(identityProvider),
})

export const deleteIdentityProvider = endpoint({
  method: 'DELETE',
  path: '/identity-providers/:id',
  access: ['admin'],
  tag,
  summary: 'Remove an OpenID provider, with the sessions and links that came of it',
  params: idParam('idp', 'the provider'),
  response: data(z.object({ id: id('idp', 'the provider'), deleted: z.literal(true) })),
})
