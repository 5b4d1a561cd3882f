import { ControlError } from './control-error.ts'
import type { SandboxState } from './state.ts'

export type ConsentWish = {
  account?: string
  /** Presses Cancel. */
  deny?: boolean
  /** Leaves only these ticked, where the provider lets people choose. */
  scopes?: string[]
}

/**
 * Does by HTTP what a person does in a browser: opens the authorization URL, chooses, submits. Answers the redirect's Location,
 * also when the provider sends the error back without a page; throws a ControlError with the page's words when it shows one.
 */
export const driveConsent = async (
  state: Pick<SandboxState, 'url' | 'closing' | 'fetch'>,
  listening: string,
  authorizationUrl: string,
  wish: ConsentWish = {},
): Promise<string> => {
  const url = URL.parse(authorizationUrl)
  if (url?.origin !== new URL(state.url).origin)
    throw new ControlError(400, `url: an authorization URL below ${state.url}.`)
  const target = `${listening}${url.pathname}${url.search}`
  const options = { redirect: 'manual', signal: state.closing } as const
  const opened = await state.fetch(target, options)
  const location = opened.headers.get('location')
  if (location) return location
  const page = await opened.text()
  const transaction = /name="transaction" value="([^"]+)"/.exec(page)?.[1]
  if (!transaction)
    throw new ControlError(409, `No consent page, but ${titleOf(page) || `status ${opened.status}`}.`)
  const form = new URLSearchParams({
    transaction,
    account: wish.account ?? 'ada@example.com',
    decision: wish.deny ? 'deny' : 'allow',
  })
  if (wish.scopes) {
    form.set('scopes_shown', 'yes')
    for (const scope of wish.scopes) form.append('scope', scope)
  }
  const submitted = await state.fetch(`${listening}${url.pathname}`, {
    ...options,
    method: 'POST',
    body: form,
  })
  const answer = submitted.headers.get('location')
  if (!answer)
    throw new ControlError(
      409,
      `No redirect, but ${titleOf(await submitted.text()) || `status ${submitted.status}`}.`,
    )
  return answer
}

const titleOf = (page: string): string => /<title>([^<]*)/.exec(page)?.[1] ?? ''
