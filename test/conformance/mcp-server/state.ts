import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const key = randomBytes(32)
const sign = (state: string) => createHmac('sha256', key).update(state).digest('base64url')

/** State that goes to a client and comes back, and cannot be changed on the way. */
export const signState = (state: string) => `${state}.${sign(state)}`

/** What was signed; throws for anything else. */
export function verifyState(text: string): string {
  const [state = '', given = ''] = text.split('.')
  const wanted = sign(state)
  if (given.length !== wanted.length || !timingSafeEqual(Buffer.from(given), Buffer.from(wanted)))
    throw new Error('This state is not ours.')
  return state
}
