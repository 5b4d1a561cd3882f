import type { ServerResponse } from 'node:http'
import { Server } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether it is on its way out: ready for nothing new. */
    draining: boolean
    /** Ends it without failing a request; may be called once. */
    drain(times: DrainTimes): Promise<void>
  }
}

/** In milliseconds. */
export type DrainTimes = {
  /**
   * How long new connections are still taken. Closing the port resets those that the kernel has completed and we have
   * not taken yet, so a balancer is given the time to see that we are not ready.
   */
  delay: number
  /** How long running requests may take from then on before they are cut. */
  longest: number
}

/**
 * How long a connection may stay that no request is running on. Closing it at once would meet the request that its
 * client is just sending, which would fail; whoever sends within this time is answered, and told to close.
 */
const IDLE_MS = 500

/** Gives the server `drain`, which ends it without failing a request; `close` alone answers 503 from then on. */
export function makeDrainable(app: FastifyInstance): void {
  const running = new Set<ServerResponse>()
  let quiet: (() => void) | null = null
  // Before the framework sees the request, as it may answer at once.
  app.server.prependListener('request', (_request, response: ServerResponse) => {
    if (app.draining) response.shouldKeepAlive = false
    running.add(response)
    response.once('close', () => {
      running.delete(response)
      if (running.size === 0) quiet?.()
    })
  })
  app.decorate('draining', false)
  app.decorate('drain', async ({ delay, longest }: DrainTimes) => {
    app.draining = true
    for (const response of running) response.shouldKeepAlive = false
    if (delay > 0) await pause(delay)
    // That of http.Server would end idle connections, too.
    const closed = new Promise<void>((resolve) => Server.prototype.close.call(app.server, () => resolve()))
    await within(IDLE_MS, closed)
    app.server.closeIdleConnections()
    const silent = new Promise<void>((resolve) => {
      quiet = resolve
      if (running.size === 0) resolve()
    })
    await within(longest - IDLE_MS, Promise.race([closed, silent]))
    // Running requests past their time, and connections that never sent one.
    app.server.closeAllConnections()
    await closed
  })
}

async function within(ms: number, event: Promise<void>): Promise<void> {
  const patience = new AbortController()
  await Promise.race([event, pause(ms, undefined, { signal: patience.signal }).catch(() => {})])
  patience.abort()
}
