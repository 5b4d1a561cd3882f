import '@mantine/charts/styles.layer.css'
import type { RefreshFigureFigure } from '@grantry/sdk/transport'
import { BarChart, LineChart } from '@mantine/charts'
import { Stack } from '@mantine/core'
import { inFigures, inSeconds } from './figures.ts'
import style from './refresh-charts.module.css'
import { bySource, byTime, lagByTime, type Span } from './sum-refreshes.ts'
import { startInWords } from './when-bucket.ts'

/** As many lines as can be told apart: the sources with most refreshes. */
const mostLines = 5
const dashes = ['', '6 3', '2 3', '8 3 2 3', '1 4']

const legend = { verticalAlign: 'bottom', itemSorter: null } as const
const axis = { interval: 'equidistantPreserveStart' } as const

const outcomes = [
  { name: 'stored', label: 'New tokens', color: 'var(--series-1)' },
  { name: 'transient', label: 'Tried again', color: 'var(--waiting)' },
  { name: 'refused', label: 'Refused', color: 'var(--bad)' },
  { name: 'uncertain', label: 'Not heard of', color: 'var(--series-5)' },
]

/** Pictures of refreshes. For who does not see them, the same stands in a table beside: here nothing is read out or reached. */
export default function RefreshCharts({ figures, span }: { figures: RefreshFigureFigure[]; span: Span }) {
  const sources = bySource(figures).slice(0, mostLines)
  const rows = byTime(figures, span).map((row) => ({ ...row, time: startInWords(row.at, span.bucket) }))
  const lag = lagByTime(figures, span).map(({ at, lag }) => ({
    time: startInWords(at, span.bucket),
    // Keys of our own: a name with a dot in it would be read as a path.
    ...Object.fromEntries(sources.map(({ key }, i) => [`s${i}`, lag.get(key) ?? null])),
  }))
  const measured = lag.some((row) =>
    Object.entries(row).some(([key, value]) => key !== 'time' && value !== null),
  )
  return (
    <Stack className={style.charts} aria-hidden="true" gap="lg">
      <figure>
        <figcaption>Refreshes and what came of them</figcaption>
        <BarChart
          h={220}
          data={rows}
          dataKey="time"
          type="stacked"
          series={outcomes}
          withLegend
          legendProps={legend}
          xAxisProps={axis}
          valueFormatter={inFigures}
          tooltipAnimationDuration={0}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
          yAxisProps={{ allowDecimals: false, width: 44 }}
        />
      </figure>
      {measured && (
        <figure>
          <figcaption>How long after they were due they were sent (95 of 100 sooner)</figcaption>
          <LineChart
            h={220}
            data={lag}
            dataKey="time"
            series={sources.map(({ name }, i) => ({
              name: `s${i}`,
              label: name,
              color: `var(--series-${i + 1})`,
              ...(dashes[i] ? { strokeDasharray: dashes[i] } : {}),
            }))}
            withLegend
            legendProps={legend}
            xAxisProps={axis}
            valueFormatter={inSeconds}
            connectNulls
            curveType="linear"
            dotProps={{ r: 2 }}
            tooltipAnimationDuration={0}
            lineProps={{ isAnimationActive: false }}
            lineChartProps={{ accessibilityLayer: false }}
            yAxisProps={{ width: 56 }}
          />
        </figure>
      )}
    </Stack>
  )
}
