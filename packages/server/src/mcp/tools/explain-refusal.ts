import { cleanText } from '@grantry/oauth'
import type { Json } from './evaluate.ts'

export type Refusal = {
  status: number
  retryAfter: string | null
  answer: Json | string
  /** Doing it twice is not as doing it once. */
  once: boolean
}

/** What a model is told of an answer that is a refusal: by whom, why, and what to do next. */
export function explainRefusal(service: string, { status, retryAfter, answer, once }: Refusal): string {
  const reason = reasonOf(answer)
  const said = reason === null ? '' : `: ${reason.replace(/[.\s]+$/, '')}`
  return `${service} refused this (${status})${said}. ${nextStep(tooMany(status, reason) ? 429 : status, retryAfter, once)}`
}

/** Google and GitHub refuse with 403 what others refuse with 429. */
const tooMany = (status: number, reason: string | null) =>
  status === 403 && /\brate.?limit|usage limits? exceeded/i.test(reason ?? '')

function nextStep(status: number, retryAfter: string | null, once: boolean): string {
  if (status === 401)
    return 'The access that was given has ended: the person has to connect the account again.'
  if (status === 403)
    return 'The connected account may not do this, or was not asked for the permission: connect it again with more access, or do something else.'
  if (status === 404 || status === 410) return 'Check the id: search or list first to get one that exists.'
  if (status === 409 || status === 412) return 'It was changed meanwhile: read it again, then decide.'
  if (status === 413) return 'It is too large: send less.'
  if (status === 429)
    return `Too many calls: wait ${/^\d+$/.test(retryAfter ?? '') ? `${retryAfter} seconds` : 'a minute'} before the next one.`
  // 503 is said before anything is done.
  if (status >= 500 && status !== 503 && once)
    return 'The trouble is on its side, and it may have been done all the same: look before you try again.'
  if (status >= 500) return 'The trouble is on its side: try again in a minute.'
  return 'Check the arguments.'
}

/** Of what is said as a reason no more is looked at: it may be megabytes, and a sentence is shown. */
const longest = 10_000

/** The sentence that the answer gives as its reason, wherever it stands. */
export function reasonOf(answer: Json | string, depth = 0): string | null {
  if (typeof answer === 'string')
    return depth === 0 && answer.trimStart().startsWith('<') ? null : cleanText(answer.slice(0, longest))
  if (typeof answer !== 'object' || answer === null || depth > 3) return null
  if (Array.isArray(answer)) return answer.length > 0 ? reasonOf(answer[0]!, depth + 1) : null
  for (const name of [
    'message',
    'error_description',
    'detail',
    'error',
    'errors',
    'error_info',
    'title',
    'reason',
  ]) {
    const found = Object.hasOwn(answer, name) ? reasonOf(answer[name]!, depth + 1) : null
    if (found !== null) return found
  }
  return null
}
