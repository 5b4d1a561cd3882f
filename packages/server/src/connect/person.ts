import { encodeId } from '@grantry/api'
import { readSubject, type Subject, subjectOf, writeSubject } from '../authorization-server/subject.ts'
import type { Notice } from '../http/notice.ts'
import type { Principal } from '../http/principal.ts'
import type { Speech } from '../languages/speech.ts'
import type { SignedIn } from '../members/read-session.ts'
import type { Session } from './store.ts'

/** Whether this browser may begin and end the session: where it was made for one person, that person is signed in. */
export function isFor({ person }: Pick<Session, 'person'>, signedIn: SignedIn | null): boolean {
  return person === null || (signedIn !== null && writeSubject(subjectOf(signedIn)) === person)
}

/** The person whom an OAuth token acts for; null for a credential that no sign-in here stands behind. */
export function personOf({ kind, workspace, member, endUser }: Principal): Subject | null {
  if (kind !== 'oauth_client') return null
  if (member !== null) return { workspace, kind: 'member', member }
  return endUser === null ? null : { workspace, kind: 'end_user', endUser }
}

/** Where that person signs in, to come back to `next`, a path of ours. */
export function signInAddress({ workspace_id, person }: Session, next: string): string {
  const where = new URLSearchParams({ workspace: encodeId('ws', workspace_id), next })
  if (person !== null && readSubject(person)?.kind === 'end_user') where.set('as', 'end_user')
  return `/sign-in?${where}`
}

export const otherPerson = ({ say, language }: Speech): Notice => ({
  status: 403,
  language,
  what: say('other_person.what'),
  todo: say('other_person.todo'),
  on: { href: '/sign-out', label: say('sign_out.submit') },
})
