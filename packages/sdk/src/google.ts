import type { OAuth2Client } from 'google-auth-library'
import type { Credentials } from './credentials.ts'

/**
 * Credentials by the type that Google's libraries name for `auth`. In JavaScript they go in as they are; TypeScript asks for
 * the class itself, of which only the methods that are called are here.
 *
 * @example
 * const gmail = google.gmail({ version: 'v1', auth: googleAuth(grantry.credentials('gmail', { endUser })) })
 */
export function googleAuth(credentials: Credentials): OAuth2Client {
  return credentials as unknown as OAuth2Client
}
