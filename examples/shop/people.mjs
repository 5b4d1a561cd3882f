// The shop's own sign-in, as small as one can be: two people and cookies in memory. Yours stays as it is.
import { randomBytes } from 'node:crypto'

export const password = 'earl grey'
const people = [
  { id: 'customer-1', email: 'ada@example.com', display_name: 'Ada Lovelace' },
  { id: 'customer-2', email: 'grace@example.com', display_name: 'Grace Hopper' },
]
const cookie = 'shop_session'

export function createPeople() {
  const sessions = new Map()
  const idOf = ({ headers }) =>
    new RegExp(`(?:^|; *)${cookie}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1] ?? ''
  return {
    /** Who is signed in, or null. */
    signedIn: (request) => sessions.get(idOf(request)) ?? null,

    /** Answers whether these were right. */
    signIn(response, { email, password: given }) {
      const person = people.find((each) => each.email === email)
      if (!person || given !== password) return false
      const id = randomBytes(24).toString('base64url')
      sessions.set(id, person)
      response.cookie(cookie, id, { httpOnly: true, sameSite: 'lax', path: '/' })
      return true
    },

    signOut(request, response) {
      sessions.delete(idOf(request))
      response.clearCookie(cookie, { path: '/' })
    },
  }
}
