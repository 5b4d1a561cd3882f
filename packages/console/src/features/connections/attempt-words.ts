import type { RefreshAttempt } from '@grantry/sdk/transport'

/** What a request for tokens was, and what came of it. */
export function attemptInWords({ kind, outcome }: Pick<RefreshAttempt, 'kind' | 'outcome'>): string {
  return `${kinds[kind]} ${outcomes[outcome]}`
}

/** What it asks of whoever reads it: nothing, patience, or something to be done. */
export function attemptColor(outcome: RefreshAttempt['outcome']): string {
  if (outcome === 'stored') return 'var(--good)'
  if (outcome === 'refused' || outcome === 'lost') return 'var(--bad)'
  return outcome === 'superseded' ? 'var(--quiet)' : 'var(--waiting)'
}

const kinds: Record<RefreshAttempt['kind'], string> = {
  code: 'Consent',
  refresh: 'Refresh',
  regrant: 'New grant',
  import: 'Import',
}

const outcomes: Record<RefreshAttempt['outcome'], string> = {
  in_flight: 'is under way',
  stored: 'brought tokens',
  superseded: 'brought tokens that came too late to be used',
  refused: 'was refused: the grant has ended',
  transient: 'brought no tokens; the grant is untouched',
  uncertain: 'was sent and nothing was heard',
  lost: 'was sent, nothing was heard, and the grant is lost',
}
