import { type Html, html } from './html.ts'

/** How a workspace looks on the pages that its end users meet. */
export type Brand = {
  name: string
  /** `#rrggbb`; null for ours. */
  color: string | null
  /** Data URL of a picture that was looked into when it was saved; null for the initial of the name. */
  logo: string | null
}

/** Workspace and provider side by side: who will be joined with whom. */
export function pair(brand: Brand, name: string): Html {
  return html`<div class="pair" aria-hidden="true">${badge(brand)}<i></i><span>${initial(name)}</span></div>`
}

/** The workspace's sign alone. */
export const sign = (brand: Brand): Html => html`<div class="pair" aria-hidden="true">${badge(brand)}</div>`

const badge = ({ logo, name }: Brand): Html =>
  logo === null
    ? html`<span>${initial(name)}</span>`
    : html`<span class="logo"><img src="${logo}" alt="" width="48" height="48"></span>`

const initial = (name: string) => ([...name][0] ?? '·').toUpperCase()
