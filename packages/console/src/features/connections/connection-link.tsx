import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Leads to the page of a connection. */
export function ConnectionLink({ id, title, children }: { id: string; title?: string; children: ReactNode }) {
  return (
    <Anchor title={title} renderRoot={(props) => <Link {...props} to="/connections/$id" params={{ id }} />}>
      {children}
    </Anchor>
  )
}
