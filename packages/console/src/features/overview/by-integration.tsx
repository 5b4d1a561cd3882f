import type { Overview } from '@grantry/sdk/transport'
import { Anchor, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { statusColor, statusWord } from '../../parts/status.tsx'
import style from './by-integration.module.css'
import { inFigures } from './figures.ts'

/** How many are named here: those with most connections. */
const shown = 8
const living = ['active', 'needs_reauth', 'pending'] as const

/** Where the connections are, and how they stand there. The bars say nothing that the words do not. */
export function ByIntegration({ overview: { by_integration } }: { overview: Overview }) {
  const used = by_integration.filter((one) => countOf(one) > 0)
  if (used.length === 0) return null
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="by-integration">
      <Stack>
        <Title order={2} id="by-integration">
          By integration
        </Title>
        <ul className={style.integrations}>
          {used.slice(0, shown).map((one) => (
            <li key={one.integration_id}>
              <div className={style.words}>
                <Anchor
                  renderRoot={(props) => (
                    <Link {...props} to="/connections" search={{ integration: one.integration_id }} />
                  )}
                >
                  {one.label ?? one.provider_name ?? one.integration_id}
                </Anchor>
                <Text span size="sm" c="dimmed">
                  {living
                    .filter((status) => one[status] > 0)
                    .map((status) => `${inFigures(one[status])} ${statusWord(status, true).toLowerCase()}`)
                    .join(', ')}
                </Text>
              </div>
              <Progress.Root size={6} aria-hidden="true">
                {living.map((status) => (
                  <Progress.Section
                    key={status}
                    value={(100 * one[status]) / countOf(one)}
                    color={statusColor(status)}
                    withAria={false}
                  />
                ))}
              </Progress.Root>
            </li>
          ))}
        </ul>
        {used.length > shown && (
          <Anchor component={Link} to="/integrations">
            Show all {inFigures(used.length)} integrations
          </Anchor>
        )}
      </Stack>
    </Paper>
  )
}

const countOf = (one: Record<(typeof living)[number], number>): number =>
  living.reduce((sum, status) => sum + one[status], 0)
