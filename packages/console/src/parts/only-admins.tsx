import type { ReactNode } from 'react'
import { useMay, useSession } from '../session.tsx'
import { Empty } from './empty.tsx'

/** Shows what only owners and admins reach; to others whom to ask. `what` is the subject of a sentence: "API keys". */
export function OnlyAdmins({ what, children }: { what: string; children: ReactNode }) {
  const { member } = useSession()
  if (useMay('admin')) return children
  return (
    <Empty title={`${what} are for owners and admins`}>
      You are a {member.role} of this workspace. Ask one of them to do it for you, or to change your role.
    </Empty>
  )
}
