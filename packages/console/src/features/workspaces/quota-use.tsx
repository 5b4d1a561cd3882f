import { Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../session.tsx'
import { type QuotaName, quotaWords } from './quota-words.ts'

/** How much of a quota is used; of what is not limited, how much there is. */
export function Use({ name, limit }: { name: QuotaName; limit: number | null }) {
  const client = useClient()
  const { data } = useQuery({ queryKey: ['usage'], queryFn: ({ signal }) => client.usage.get({ signal }) })
  const used = data?.quotas.find((quota) => quota.name === name)?.used ?? null
  if (limit === null) return used === null ? 'unlimited' : `${used.toLocaleString()}, unlimited`
  const share = used === null ? 0 : limit === 0 ? 100 : Math.min(100, (100 * used) / limit)
  return (
    <Stack gap={4}>
      <Text>
        {used === null ? limit.toLocaleString() : `${used.toLocaleString()} of ${limit.toLocaleString()}`}
      </Text>
      {used !== null && (
        <Progress
          value={share}
          size="sm"
          color={share >= 90 ? 'red' : 'accent'}
          aria-label={`${quotaWords[name].word} used`}
        />
      )}
    </Stack>
  )
}
