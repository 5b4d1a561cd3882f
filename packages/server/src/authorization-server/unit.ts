import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db } from '../db/connect.ts'
import type { OAuthRecordRow } from '../db/schema.ts'

/** Somebody else has used up what we were about to use up. */
export class ConsumedError extends Error {
  override readonly name = 'ConsumedError'
  readonly model: string
  readonly idHash: string
  constructor(model: string, idHash: string) {
    super(`A ${model} was consumed by another request`)
    this.model = model
    this.idHash = idHash
  }
}

/** A write that waits for its request's end. Those that take away stand also when the request is refused. */
export type Write = { takesAway: boolean; run(tx: Db): Promise<void> }

/** What one request at the token endpoint will write, all at once or not at all. */
export type Unit = {
  /** Not after anything that it issues was made. */
  startedAt: number
  writes: Write[]
  /** The refresh token that is being used up. */
  consumes: string | null
  /** Set where the refresh token had just been used up, and the same answer may be due again. */
  retryOf: OAuthRecordRow | null
  saved: { model: string; idHash: string; payload: Record<string, unknown> }[]
}

export const newUnit = (startedAt: number): Unit => ({
  startedAt,
  writes: [],
  consumes: null,
  retryOf: null,
  saved: [],
})

/** Units by the request that they belong to. */
export const createUnits = () => new AsyncLocalStorage<Unit>()
export type Units = ReturnType<typeof createUnits>
