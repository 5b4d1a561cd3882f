import type { Overview } from '@grantry/sdk/transport'
import { Link } from '@tanstack/react-router'
import { Status } from '../../parts/status.tsx'
import { type ConnectionStatus, statuses } from '../connections/filter.ts'
import { inFigures } from './figures.ts'
import style from './standing.module.css'

/** Connections by status, each leading to the list of them; and what was done with them today. */
export function Standing({ overview: { connections, today } }: { overview: Overview }) {
  return (
    <section aria-label="Connections by status" className={style.figures}>
      {statuses.map((status) => (
        <Count key={status} status={status} count={connections[status]} />
      ))}
      <div className={style.figure}>
        <span className={style.number}>{inFigures(today.token_reads)}</span>
        <span>Tokens read today</span>
      </div>
      <div className={style.figure}>
        <span className={style.number}>{inFigures(today.proxy_calls)}</span>
        <span>API calls today</span>
      </div>
    </section>
  )
}

function Count({ status, count }: { status: ConnectionStatus; count: number }) {
  return (
    <Link to="/connections" search={{ status }} className={style.figure}>
      <span className={style.number}>{inFigures(count)}</span>
      <Status of={status} short />
    </Link>
  )
}
