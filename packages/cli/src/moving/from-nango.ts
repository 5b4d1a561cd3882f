import { type Draft, type Fields, LineFault, objectOf, present, textOf, timeOf } from './draft.ts'

/** The server takes as much of one entry of metadata. */
const longest = 512

/**
 * A connection with its credentials as Nango's API answers it (`GET /connections/{id}?refresh_token=true`).
 * @see https://nango.dev/docs/reference/api/connections/get
 */
export function readNango(fields: Fields): Draft {
  const id = textOf(fields, 'connection_id')
  const config = textOf(fields, 'provider_config_key')
  if (id === null) throw new LineFault('connection_id', 'is missing')
  if (config === null) throw new LineFault('provider_config_key', 'is missing')
  const credentials = readCredentials(fields)
  const notes: string[] = []
  const metadata = {
    ...readMetadata(fields, 'metadata', notes),
    // What a provider's addresses are filled with: subdomain, instance_url.
    ...readMetadata(fields, 'connection_config', notes),
  }
  return {
    key: `nango:${config}:${id}`,
    integration: config,
    provider: textOf(fields, 'provider'),
    clientId: null,
    item: present({
      end_user: readEndUser(fields, id),
      tokens: present({
        access_token: textOf(credentials, 'access_token', 'credentials.access_token') ?? undefined,
        refresh_token: textOf(credentials, 'refresh_token', 'credentials.refresh_token') ?? undefined,
        expires_at: timeOf(credentials, 'expires_at', 'credentials.expires_at'),
        scope: readScope(objectOf(credentials, 'raw', 'credentials.raw')),
      }),
      metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
    }) as Draft['item'],
    notes,
  }
}

function readCredentials(fields: Fields): Fields {
  const credentials = objectOf(fields, 'credentials')
  const type = textOf(credentials, 'type', 'credentials.type')
  if (Object.keys(credentials).length === 0)
    throw new LineFault('credentials', 'are missing: the list of connections has none, each by its id has')
  if (type === 'OAUTH2') return credentials
  if (type === 'OAUTH2_CC')
    throw new LineFault(
      'credentials.type',
      'is OAUTH2_CC: make an integration with grant_type client_credentials instead, which needs no tokens from elsewhere',
    )
  throw new LineFault('credentials.type', 'is not OAUTH2, which alone can be brought')
}

/** `end_user` where there is one, else the tags that took its place, else the connection's own id. */
function readEndUser(fields: Fields, connection: string): Draft['item']['end_user'] {
  const user = objectOf(fields, 'end_user')
  const tags = objectOf(fields, 'tags')
  const id =
    textOf(user, 'id', 'end_user.id') ?? textOf(tags, 'end_user_id', 'tags.end_user_id') ?? connection
  const email =
    textOf(user, 'email', 'end_user.email') ?? textOf(tags, 'end_user_email', 'tags.end_user_email')
  const name =
    textOf(user, 'display_name', 'end_user.display_name') ??
    textOf(tags, 'end_user_display_name', 'tags.end_user_display_name')
  return present({ id, email: email ?? undefined, display_name: name ?? undefined })
}

function readScope(raw: Fields): string | undefined {
  const { scope } = raw
  if (Array.isArray(scope)) return scope.filter((one) => typeof one === 'string').join(' ') || undefined
  return typeof scope === 'string' && scope !== '' ? scope : undefined
}

/** Texts as they are, all else as JSON; what is too long stays behind, and is named. */
function readMetadata(fields: Fields, name: string, notes: string[]): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [key, value] of Object.entries(objectOf(fields, name))) {
    if (value === null || value === undefined) continue
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (text.length > longest || key.length > 64)
      notes.push(`${name}.${key.slice(0, 64)} is too long and stays behind`)
    else kept[key] = text
  }
  return kept
}
