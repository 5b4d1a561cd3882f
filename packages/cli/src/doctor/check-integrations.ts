import type { Grantry, Integration } from '@grantry/sdk'
import { type Finding, fault, fine, worst } from './finding.ts'

/** More are judged by what has been seen of them: a server lets a workspace ask for so many checks a minute. */
const mostAsked = 20

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
  for (const [n, integration] of integrations.entries()) {
    say(`${n} of ${integrations.length}`)
    try {
      const diagnosis = await grantry.integrations.diagnose(integration.id, { ask })
      findings.push(inShort(integration, diagnosis.findings, ask))
    } catch (error) {
      if ((error as Error).name !== 'ForbiddenError') throw error
      findings.push(refused(error))
      break
    }
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
