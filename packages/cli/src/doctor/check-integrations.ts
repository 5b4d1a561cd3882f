import type { Grantry, Integration } from '@grantry/sdk'
import { type Finding, fault, fine, worst } from './finding.ts'

/** More are judged by what has been seen of them: a server lets a workspace ask for so many checks a minute. */
const mostAsked = 20
const atOnce = 4

/** Each integration in short: its worst finding. */
export async function checkIntegrations(
  grantry: Grantry,
  say: (text: string) => void,
): Promise<{ findings: Finding[]; looked: number }> {
  const integrations: Integration[] = []
  try {
    for await (const integration of grantry.integrations.list({ limit: 200 })) integrations.push(integration)
  } catch (error) {
    return { findings: [refused(error)], looked: 0 }
  }
  const ask = integrations.length <= mostAsked
  const findings: Finding[] = []
  let done = 0
  const examine = async (integration: Integration, place: number) => {
    const diagnosis = await grantry.integrations.diagnose(integration.id, { ask }).catch((error: Error) => {
      if (error.name !== 'RateLimitedError') throw error
      return grantry.integrations.diagnose(integration.id, { ask: false })
    })
    findings[place] = inShort(integration, diagnosis.findings, diagnosis.asked)
    say(`${++done} of ${integrations.length}`)
  }
  try {
    // Most of the time goes by with waiting for providers.
    const waiting = integrations.entries()
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const [place, integration] of waiting) await examine(integration, place)
      }),
    )
  } catch (error) {
    if ((error as Error).name !== 'ForbiddenError') throw error
    return { findings: [refused(error)], looked: integrations.length }
  }
  return { findings, looked: integrations.length }
}

function inShort({ id, label }: Integration, findings: Finding[], asked: boolean): Finding {
  const status = worst(findings)
  const bad = findings.filter((finding) => finding.status === 'failed' || finding.status === 'warning')
  const [first, ...others] = bad.sort((a, b) => a.status.localeCompare(b.status))
  if (!first)
    return fine(
      label,
      asked ? 'Nothing is wrong.' : 'Nothing wrong has been seen; the provider was not asked.',
    )
  const more = others.length > 0 ? ` And ${others.length} more: grantry doctor ${id}` : ''
  return fault(label, status as 'failed' | 'warning', first.what + more, first.todo, first.where)
}

const refused = (error: unknown): Finding =>
  fault(
    'integrations',
    'unknown',
    `They were not looked at: ${(error as Error).message}`,
    'Use a credential with integrations:read and integrations:write.',
    'profile',
  )
