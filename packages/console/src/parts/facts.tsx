import type { ReactNode } from 'react'
import style from './facts.module.css'

/** What is known of one thing: names at the left, values at the right, one below the other on a phone. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className={style.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={style.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
