import { type FailureKind, failureKind, type RenewalKind } from '@grantry/oauth'
import type { Notice, Words } from '../http/notice.ts'
import { en } from '../languages/en.ts'
import type { Key, Speech } from '../languages/speech.ts'
import type { Stray } from './callback.ts'

/** Kinds that there are words for: a kind that people may meet and nobody has written about is an error of types. */
type Told = Exclude<FailureKind, RenewalKind>
type Spoken = `failure.${Told}.what` | `failure.${Told}.todo`
const spoken: Record<Spoken, string> = en

/**
 * Words for an error code of RFC 6749 §4.1.2.1 and §5.2, of a provider, or of ours; `not_me` is a person who said so
 * at the confirm page. `provider` and `workspace` by the names that people know them by.
 */
export function failureInWords(
  { say }: Pick<Speech, 'say'>,
  {
    error,
    description = null,
    provider,
    workspace,
  }: { error: string; description?: string | null; provider: string; workspace: string },
): Words {
  const kind = failureKind(error, description)
  const told = `failure.${kind}.what` in spoken ? kind : 'unknown'
  const words = (part: 'what' | 'todo') =>
    // One of those that may name both.
    say(`failure.${told}.${part}` as 'failure.not_me.todo', { provider, workspace })
  return { what: words('what'), todo: words('todo') }
}

const strayStatus: Record<Stray['why'], number> = {
  other_session: 403,
  no_state: 400,
  unknown_state: 400,
  replayed: 409,
  expired: 410,
  other_choice: 409,
}

/** For a browser that came back with nothing that belongs to a living session. */
export function strayNotice({ say, language }: Speech, why: Stray['why']): Notice {
  return {
    status: strayStatus[why],
    language,
    what: say(`stray.${why}.what` satisfies Key),
    todo: say(`stray.${why}.todo` satisfies Key),
  }
}

export type Over = 'completed' | 'failed' | 'expired' | 'unknown'

/** For a connect link that leads nowhere any more, by the status of its session. */
export function overNotice({ say, language }: Speech, status: Over): Notice {
  return {
    status: status === 'unknown' ? 404 : 410,
    language,
    what: say(`over.${status}.what` satisfies Key),
    todo: say(`over.${status}.todo` satisfies Key),
    good: status === 'completed',
  }
}
