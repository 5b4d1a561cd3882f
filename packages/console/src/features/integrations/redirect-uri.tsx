import { Skeleton, Textarea } from '@mantine/core'
import { CopyText } from '../../parts/copy.tsx'
import { Fault } from '../../parts/fault.tsx'

/** Where the provider sends people back to, to be copied and registered there. */
export function RedirectUri({
  uri,
  error,
  onRetry,
  providerName,
  fault,
}: {
  /** null while it is not known. */
  uri: string | null
  error?: unknown
  onRetry?: () => unknown
  providerName: string
  /** What the server says against it. */
  fault?: React.ReactNode
}) {
  if (error) return <Fault error={error} {...(onRetry ? { onRetry } : {})} />
  if (uri === null) return <Skeleton height={80} />
  return (
    <Textarea
      label="Redirect URI"
      description={`Register exactly this at ${providerName}, and allow it there: people are sent back to no other address.`}
      value={uri}
      readOnly
      autosize
      minRows={1}
      error={fault}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      onFocus={(event) => event.currentTarget.select()}
      rightSection={<CopyText text={uri} what="redirect URI" />}
      rightSectionPointerEvents="all"
    />
  )
}
