/**
 * What an endpoint says before faults touch it. A string or Buffer goes out as it is (give it a content-type), `URLSearchParams` as a form,
 * `undefined` as nothing, anything else as JSON.
 */
export type Answer = {
  status: number
  headers?: Record<string, string>
  body: unknown
}

export const json = (status: number, body: unknown, headers?: Record<string, string>): Answer =>
  headers ? { status, body, headers } : { status, body }

/** The bytes of an answer and the headers that go with them. */
export const render = (
  answer: Answer,
): { status: number; headers: Record<string, string>; bytes: Buffer } => {
  const headers: Record<string, string> = { ...answer.headers }
  const text = (type: string, body: string) => {
    headers['content-type'] ??= type
    return Buffer.from(body)
  }
  let bytes: Buffer
  if (answer.body === undefined) bytes = Buffer.alloc(0)
  else if (Buffer.isBuffer(answer.body)) bytes = answer.body
  else if (typeof answer.body === 'string') bytes = text('text/plain; charset=utf-8', answer.body)
  else if (answer.body instanceof URLSearchParams)
    bytes = text('application/x-www-form-urlencoded; charset=utf-8', answer.body.toString())
  else bytes = text('application/json; charset=utf-8', JSON.stringify(answer.body))
  return { status: answer.status, headers, bytes }
}
