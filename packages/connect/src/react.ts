// biome-ignore lint/suspicious/noTsIgnore: with the types there is nothing to expect, without them there is
// @ts-ignore Whoever uses the hook has React and perhaps its types; this package needs neither to be built.
import * as react from 'react'
import { ConnectError, type Connected, type ConnectOptions, connect } from './index.ts'

/** What the hook uses of React. */
type React = {
  useState<T>(first: T): [T, (next: T) => void]
  useRef<T>(first: T): { current: T }
  useEffect(effect: () => () => void, when: unknown[]): void
  useCallback<F>(callback: F, when: unknown[]): F
}
const { useState, useRef, useEffect, useCallback } = react as unknown as React

export type Connecting =
  | { status: 'idle' | 'connecting'; connection: null; error: null }
  | { status: 'connected'; connection: Connected; error: null }
  | { status: 'failed'; connection: null; error: ConnectError }

/**
 * `connect` as a component's state. Call `start` in the click itself; a second call while one runs does nothing, and a
 * component that goes away ends the waiting. What is thrown that is no `ConnectError` comes as its `cause`, with the code
 * `no_session`.
 *
 * @example
 * const { start, status, error } = useConnect({ session: '/connect?provider=gmail' })
 * return <button onClick={() => start()} disabled={status === 'connecting'}>Connect Gmail</button>
 */
export function useConnect(
  options: Omit<ConnectOptions, 'signal'>,
): Connecting & { start: (options?: Partial<Omit<ConnectOptions, 'signal'>>) => void } {
  const [state, setState] = useState<Connecting>(idle)
  const running = useRef<AbortController | null>(null)
  // The options of the last rendering, so that `start` stays the same function.
  const latest = useRef(options)
  latest.current = options
  useEffect(
    () => () => {
      running.current?.abort()
      running.current = null
    },
    [],
  )
  const start = useCallback((more: Partial<Omit<ConnectOptions, 'signal'>> = {}) => {
    if (running.current) return
    const controller = new AbortController()
    running.current = controller
    setState({ status: 'connecting', connection: null, error: null })
    connect({ ...latest.current, ...more, signal: controller.signal })
      .then(
        (connection): Connecting => ({ status: 'connected', connection, error: null }),
        (error: unknown): Connecting => ({
          status: 'failed',
          connection: null,
          error: asConnectError(error),
        }),
      )
      .then((next) => {
        if (running.current !== controller) return
        running.current = null
        setState(next)
      })
  }, [])
  return { ...state, start }
}

const idle: Connecting = { status: 'idle', connection: null, error: null }

const asConnectError = (error: unknown): ConnectError =>
  error instanceof ConnectError ? error : new ConnectError('no_session', String(error), error)
