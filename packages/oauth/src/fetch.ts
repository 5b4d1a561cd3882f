/**
 * The one way out. Must not follow redirects when `init.redirect` is `manual`. An error that it throws may carry
 * `sent: false` when it is certain that nothing left, and a `code` for the log and the caller.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>
