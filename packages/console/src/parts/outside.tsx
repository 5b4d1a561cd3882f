import { Anchor } from '@mantine/core'
import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'

/** A link to somebody else's page, in a window of its own that knows nothing of this one. Other than http(s) is text. */
export function Outside({ href, children }: { href: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(href)) return <span>{children}</span>
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer" inline>
      {children} <ExternalLink size={12} aria-hidden="true" />
      <span className="unseen"> (opens a new window)</span>
    </Anchor>
  )
}
