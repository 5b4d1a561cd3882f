import type { CreateConnectSessionInput } from '@grantry/sdk/transport'

/** Scopes of the integration, of the catalogue's presets, or named one by one. */
export type Asked = 'integration' | 'read' | 'write' | 'these'

export type Fields = {
  /** Ids: one, or several of which the person chooses one. */
  integrations: string[]
  whose: 'end_user' | 'own'
  end_user: string
  email: string
  name: string
  asked: Asked
  scopes: string[]
  return_to: string
}

/** What is sent; fields left empty, or hidden by a choice, are not. */
export function bodyOf(fields: Fields): CreateConnectSessionInput {
  const { integrations, whose, asked, scopes } = fields
  const email = fields.email.trim()
  const name = fields.name.trim()
  const returnTo = fields.return_to.trim()
  const [only] = integrations
  return {
    ...(integrations.length === 1 ? { integration: only } : { integrations }),
    ...(whose === 'end_user' && {
      end_user: {
        id: fields.end_user.trim(),
        ...(email !== '' && { email }),
        ...(name !== '' && { display_name: name }),
      },
    }),
    ...((asked === 'read' || asked === 'write') && { access_type: asked }),
    ...(asked === 'these' && { scopes }),
    ...(returnTo !== '' && { return_to: returnTo }),
  }
}

const fields: Record<string, keyof Fields> = {
  integration: 'integrations',
  'end_user.id': 'end_user',
  'end_user.email': 'email',
  'end_user.display_name': 'name',
  access_type: 'asked',
}

/** The field that a refusal means by its path. */
export const fieldOf = (path: string): string => fields[path] ?? path.split('.')[0]!
