/** The database cannot be used as it is; the message says what to change. Never holds the URL, which may hold a password. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}
