import type { ApiKey, RotatedApiKey } from '@grantry/sdk/transport'
import { Select, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { useClient } from '../../session.tsx'

const overlaps = [
  { value: '0', label: 'Not at all: it ends now' },
  { value: '3600', label: 'For an hour' },
  { value: '86400', label: 'For 24 hours' },
  { value: '604800', label: 'For 7 days' },
  { value: '2592000', label: 'For 30 days' },
]

/** Gives a key another secret, with time to bring it where the old one is in use. */
export function RotateKey({
  apiKey,
  onClose,
  onRotated,
}: {
  /** null: closed. */
  apiKey: ApiKey | null
  onClose: () => void
  onRotated: (key: RotatedApiKey) => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const [overlap, setOverlap] = useState('86400')
  const work = useMutation({
    // The answer holds the secret: it is kept no longer than this dialog.
    gcTime: 0,
    mutationFn: () => client.apiKeys.rotate(apiKey!.id, { overlap_seconds: Number(overlap) }),
    onSuccess: (rotated) => {
      close()
      onRotated(rotated)
      return queries.invalidateQueries({ queryKey: ['api-keys'] })
    },
  })
  const close = () => {
    work.reset()
    setOverlap('86400')
    onClose()
  }
  return (
    <FormDialog
      opened={apiKey !== null}
      title="Give this key a new secret?"
      action="Rotate key"
      work={work}
      onSubmit={(event) => {
        event.preventDefault()
        work.mutate()
      }}
      onClose={close}
    >
      <Text>
        {apiKey?.name} keeps its scopes. Bring the new secret to what uses it while the old one still works.
      </Text>
      <Select
        label="The old secret works on"
        data={overlaps}
        value={overlap}
        onChange={(value) => setOverlap(value ?? '86400')}
        allowDeselect={false}
      />
    </FormDialog>
  )
}
