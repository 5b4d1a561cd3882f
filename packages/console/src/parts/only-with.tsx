import type { ReactNode } from 'react'
import { useMay, useSession } from '../session.tsx'
import { Empty } from './empty.tsx'

/** Shows what only a role with `scope` reaches; to others whom to ask. `what` is the subject of a sentence: "OAuth clients". */
export function OnlyWith({ scope, what, children }: { scope: string; what: string; children: ReactNode }) {
  const { member } = useSession()
  if (useMay(scope)) return children
  return (
    <Empty title={`${what} are not for a ${member.role}`}>
      Ask an owner or an admin of this workspace to do it for you, or to change your role.
    </Empty>
  )
}
