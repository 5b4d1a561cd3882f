import type { MemberScope, OAuthScope } from '@grantry/api'
import { en } from '../languages/en.ts'
import type { Speech } from '../languages/speech.ts'

/** A scope that nobody has put into words is an error of types. */
const words: Record<`scope.${OAuthScope | MemberScope}`, string> = en

/** A scope as words that follow "… will be able to"; as it is where there are none. */
export const scopeInWords = (scope: string, { say }: Speech): string =>
  Object.hasOwn(words, `scope.${scope}`) ? say(`scope.${scope as OAuthScope}`) : scope
