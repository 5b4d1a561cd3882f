import style from './card-preview.module.css'
import { readableOn } from './readable-on.ts'

/** The card that end users meet, as it would look. Nothing in it does anything. */
export function CardPreview({
  scheme,
  name,
  logo,
  color,
}: {
  scheme: 'light' | 'dark'
  name: string
  logo: string | null
  /** `#rrggbb`; null: Grantry's. */
  color: string | null
}) {
  const shown = name.trim() || 'Your workspace'
  const button = color ? { background: color, borderColor: color, color: readableOn(color) } : {}
  return (
    <figure className={style.figure}>
      <div className={style.ground} data-scheme={scheme} aria-hidden="true">
        <div className={style.card}>
          <div className={style.pair}>
            <span className={style.badge} data-logo={logo !== null}>
              {logo === null ? (
                [...shown][0]!.toUpperCase()
              ) : (
                <img src={logo} alt="" width={48} height={48} />
              )}
            </span>
            <i />
            <span className={style.badge}>G</span>
          </div>
          <p className={style.question}>Connect your Gmail account to {shown}?</p>
          <p className={style.quiet}>It will be connected for ada@example.com.</p>
          <p className={style.button} style={button}>
            Connect
          </p>
          <p className={style.quiet}>Not me</p>
        </div>
      </div>
      <figcaption>{scheme === 'light' ? 'In light' : 'In dark'}</figcaption>
    </figure>
  )
}
