import { decodeId, encodeId } from '@grantry/api'
import type { SignedIn } from '../members/read-session.ts'

/** Who a grant acts for: a member of a workspace, or one of its end users. */
export type Subject =
  | { workspace: string; kind: 'member'; member: string }
  | { workspace: string; kind: 'end_user'; endUser: string }

/** The `sub` of our tokens: it names the workspace, so that whatever is looked up by it is looked up there. */
export function writeSubject(subject: Subject): string {
  const workspace = encodeId('ws', subject.workspace)
  return subject.kind === 'member'
    ? `${workspace}.${encodeId('mem', subject.member)}`
    : `${workspace}.eu.${encodeURIComponent(subject.endUser)}`
}

/** Null for anything that `writeSubject` has not written. */
export function readSubject(text: string): Subject | null {
  const [first = '', second = '', ...rest] = text.split('.')
  const workspace = decodeId('ws', first)
  if (!workspace) return null
  if (second === 'eu') {
    try {
      const endUser = decodeURIComponent(rest.join('.'))
      return endUser === '' ? null : { workspace, kind: 'end_user', endUser }
    } catch {
      return null
    }
  }
  const member = rest.length === 0 ? decodeId('mem', second) : null
  return member ? { workspace, kind: 'member', member } : null
}

export function subjectOf(signedIn: SignedIn): Subject {
  const { workspace } = signedIn
  return signedIn.kind === 'member'
    ? { workspace, kind: 'member', member: signedIn.member }
    : { workspace, kind: 'end_user', endUser: signedIn.endUser }
}
