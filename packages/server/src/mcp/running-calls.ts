/** A client's running request, by everything that tells it from another's. */
type Key = readonly [caller: string | null, sessionId: string | undefined, request: unknown]

/**
 * Calls that a client of the 2025 era can take back: it says so in a request of its own (`notifications/cancelled`),
 * which reaches them where the same process runs both. A client of 2026 only hangs up.
 */
export function createRunningCalls() {
  const running = new Map<string, AbortController>()
  const write = (key: Key) => JSON.stringify(key)
  return {
    /** A signal for one call; `undefined` where it cannot be told whose a cancellation would be. */
    begin(key: Key): { signal: AbortSignal; end(): void } | undefined {
      if (key[1] === undefined || key[2] === undefined) return undefined
      const controller = new AbortController()
      const name = write(key)
      running.set(name, controller)
      return {
        signal: controller.signal,
        end() {
          if (running.get(name) === controller) running.delete(name)
        },
      }
    },
    cancel(key: Key): void {
      running.get(write(key))?.abort()
    },
  }
}
