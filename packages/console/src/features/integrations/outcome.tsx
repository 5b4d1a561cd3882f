import { CircleAlert, CircleCheck, CircleHelp, CircleX } from 'lucide-react'
import type { ReactNode } from 'react'

export type Outcome = 'ok' | 'warning' | 'failed' | 'unknown'

const looks = {
  ok: { Icon: CircleCheck, color: 'var(--good)', word: 'Good' },
  warning: { Icon: CircleAlert, color: 'var(--waiting)', word: 'Warning' },
  failed: { Icon: CircleX, color: 'var(--bad)', word: 'Failed' },
  unknown: { Icon: CircleHelp, color: 'var(--quiet)', word: 'Not known' },
}

/** One thing that was looked at: how it stands, and what was seen. */
export function OutcomeItem({ is, name, children }: { is: Outcome; name: string; children: ReactNode }) {
  const { Icon, color, word } = looks[is]
  return (
    <li style={{ display: 'flex', gap: 12, padding: '8px 0' }}>
      <Icon size={16} color={color} aria-hidden="true" style={{ flex: 'none', marginTop: 2 }} />
      <div style={{ minWidth: 0 }}>
        <div style={{ fontWeight: 600 }}>
          {name} <span style={{ color, fontWeight: 400 }}>{word}</span>
        </div>
        {children}
      </div>
    </li>
  )
}

export function OutcomeList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {children}
    </ul>
  )
}
