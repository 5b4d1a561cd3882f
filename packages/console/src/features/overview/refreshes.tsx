import type { RefreshFigureFigure } from '@grantry/sdk/transport'
import { Group, Paper, SegmentedControl, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { Loaded } from '../../parts/loaded.tsx'
import { useClient } from '../../session.tsx'
import { inFigures, inPercent } from './figures.ts'
import { Figures } from './refresh-table.tsx'
import { bySource, byTime, sourceOf, totalOf } from './sum-refreshes.ts'

/** Drawing takes more script than all the rest of this page: it comes after it. */
const Charts = lazy(() => import('./refresh-charts.tsx'))

type Bucket = 'hour' | 'day'

/** How refreshes went over time, of all providers or of one: as pictures, and the same as figures. */
export function Refreshes() {
  const client = useClient()
  const [bucket, setBucket] = useState<Bucket>('hour')
  const [source, setSource] = useState<string | null>(null)
  const [how, setHow] = useState<'charts' | 'figures'>('charts')
  const query = useQuery({
    queryKey: ['overview', 'refreshes', bucket],
    queryFn: ({ signal }) => client.overview.refreshes({ bucket }, { signal }),
    refetchInterval: 60_000,
  })
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="refreshes">
      <Stack>
        <Group justify="space-between">
          <Title order={2} id="refreshes">
            Refreshes
          </Title>
          <Group gap="xs">
            <SegmentedControl
              size="xs"
              aria-label="Time"
              data={[
                { value: 'hour', label: '24 hours' },
                { value: 'day', label: '30 days' },
              ]}
              value={bucket}
              onChange={(value) => setBucket(value as Bucket)}
            />
            <SegmentedControl
              size="xs"
              aria-label="As"
              data={[
                { value: 'charts', label: 'Charts' },
                { value: 'figures', label: 'Figures' },
              ]}
              value={how}
              onChange={(value) => setHow(value as 'charts' | 'figures')}
            />
          </Group>
        </Group>
        <Loaded query={query}>
          {({ figures, since, until }) => {
            if (figures.length === 0)
              return (
                <Text c="dimmed">
                  No token was due {bucket === 'hour' ? 'in the last 24 hours' : 'in the last 30 days'}.
                  Grantry refreshes each before it ends.
                </Text>
              )
            const sources = bySource(figures)
            const chosen = sources.some(({ key }) => key === source) ? source : null
            const asked = chosen === null ? figures : figures.filter((one) => sourceOf(one).key === chosen)
            const span = { bucket, since, until }
            return (
              <Stack>
                {sources.length > 1 && (
                  <Select
                    aria-label="Provider"
                    placeholder="All providers"
                    size="xs"
                    maw="16rem"
                    data={sources.map(({ key, name }) => ({ value: key, label: name }))}
                    value={chosen}
                    onChange={setSource}
                    clearable
                    clearButtonProps={{ 'aria-label': 'All providers' }}
                  />
                )}
                <Summary figures={asked} />
                {how === 'charts' ? (
                  <Suspense fallback={<Skeleton height={420} />}>
                    <Charts figures={asked} span={span} />
                  </Suspense>
                ) : null}
                <div className={how === 'charts' ? 'unseen' : undefined}>
                  <Figures rows={byTime(asked, span)} bucket={bucket} />
                </div>
              </Stack>
            )
          }}
        </Loaded>
      </Stack>
    </Paper>
  )
}

function Summary({ figures }: { figures: RefreshFigureFigure[] }) {
  const { stored, refused, transient, uncertain } = totalOf(figures)
  const all = stored + refused + transient + uncertain
  return (
    <Text>
      <strong>{inPercent(stored, all)}</strong> of {inFigures(all)} {all === 1 ? 'refresh' : 'refreshes'}{' '}
      brought new tokens
      {refused > 0 && `; ${inFigures(refused)} ${refused === 1 ? 'was' : 'were'} refused for good`}
      {transient > 0 && `; ${inFigures(transient)} failed and ${transient === 1 ? 'is' : 'are'} tried again`}
      {uncertain > 0 && `; of ${inFigures(uncertain)} nothing was heard`}.
    </Text>
  )
}
