import { Radio, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useSession } from '../../session.tsx'
import { type Role, rolesGivenBy } from './roles.ts'

/** The roles that this member may give, each with what it may do. */
export function ChooseRole({
  value,
  onChange,
  error,
}: {
  value?: Role
  onChange: (role: Role) => void
  error?: ReactNode
}) {
  const { member } = useSession()
  return (
    <Radio.Group label="Role" value={value ?? null} onChange={(role) => onChange(role as Role)} error={error}>
      <Stack gap="sm" mt="xs">
        {rolesGivenBy(member.role).map(({ role, word, may }) => (
          <Radio key={role} value={role} label={word} description={may} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
