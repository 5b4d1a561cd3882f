import { Failure } from '../failure.ts'

export type Answer = { status: number; body: Record<string, unknown> }

const patienceMs = 30_000

/**
 * One request to an OAuth endpoint: a form, or GET where there is none (RFC 6749 appendix B). These are not part of the API
 * that the SDK calls.
 * @throws Failure where no answer came; what was sent is not in it
 */
export async function post(
  address: string,
  form: Record<string, string> | null,
  signal: AbortSignal,
): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(address, {
      method: form ? 'POST' : 'GET',
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      ...(form ? { body: new URLSearchParams(form) } : {}),
    })
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    throw new Failure(`${new URL(address).origin} cannot be reached (${cause?.code ?? message}).`, {
      next: 'check that the server runs (grantry serve) and that --url names it',
      cause: error,
    })
  }
  const body: unknown = await response.json().catch(() => null)
  return { status: response.status, body: (body ?? {}) as Record<string, unknown> }
}
