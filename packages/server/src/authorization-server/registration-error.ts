/** Why a client could not register itself: `error` and its words as RFC 7591 §3.2.2 and RFC 6750 §3.1 write them. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError'
  readonly status: 400 | 401 | 403
  readonly error:
    | 'invalid_redirect_uri'
    | 'invalid_client_metadata'
    | 'invalid_request'
    | 'invalid_token'
    | 'access_denied'

  constructor(
    error: RegistrationError['error'],
    description: string,
    status: RegistrationError['status'] = 400,
  ) {
    super(description)
    this.error = error
    this.status = status
  }

  /** The answer's body. */
  toJSON() {
    return { error: this.error, error_description: this.message }
  }
}
