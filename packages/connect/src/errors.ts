/** What the library itself says; besides these, `code` is what the provider or Grantry said. */
export type ConnectErrorCode =
  /** The person said no, at the provider or at the confirm page. */
  | 'access_denied'
  /** The browser let no window open, and `mode` is `popup`. */
  | 'popup_blocked'
  /** The person closed the window. */
  | 'closed'
  /** It took longer than a connect session lives: 30 minutes. */
  | 'expired'
  /** Your signal ended it. */
  | 'aborted'
  /** The window has lost this page and has nowhere to bring the code: the session has no `return_to`. */
  | 'opener_lost'
  /** Your server gave no session, or one that cannot be used. */
  | 'no_session'
  /** No answer to the finish call, after several attempts. */
  | 'unreachable'
  /** Somebody else is signed in than the person whom the session was made for. */
  | 'other_end_user'
  | (string & {})

/** An account that was not connected. */
export class ConnectError extends Error {
  override name = 'ConnectError'
  readonly code: ConnectErrorCode
  /** In words, as the provider or Grantry said it; null where nobody did. */
  readonly description: string | null

  constructor(code: ConnectErrorCode, description: string | null = null, cause?: unknown) {
    super(description ? `${code}: ${description}` : code, { cause })
    this.code = code
    this.description = description
  }
}

type Refusal = { error?: string; code?: string; error_description?: string | null; detail?: string }

/** From a problem document (RFC 9457), or from OAuth's `{error, error_description}`. */
export const refusalOf = (body: unknown, otherwise: ConnectErrorCode): ConnectError => {
  const { error, code, error_description, detail } = (body ?? {}) as Refusal
  return new ConnectError(error ?? code ?? otherwise, error_description ?? detail ?? null)
}
