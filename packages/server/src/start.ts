import { setTimeout as pause } from 'node:timers/promises'
import { catalogue } from '@grantry/providers'
import type { Sandbox } from '@grantry/sandbox'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { signChains } from './audit/chain/checkpoint.ts'
import { linkEvents } from './audit/chain/link.ts'
import { pruneEvents } from './audit/chain/prune.ts'
import { sendChains } from './audit/chain/send.ts'
import { pruneAuthorizationServer } from './authorization-server/prune.ts'
import { pruneRegistered } from './authorization-server/prune-registered.ts'
import type { Config } from './config.ts'
import { sweepSessions } from './connect/sweep-sessions.ts'
import { followBreakGlass } from './connections/break-glass/follow-up.ts'
import { emptyWorkspaces } from './connections/empty-workspaces.ts'
import { takeOver } from './connections/refresh/claim.ts'
import { pruneRefreshes } from './connections/refresh/prune.ts'
import { warnOfEnds } from './connections/refresh/warn-of-ends.ts'
import { runDueRevocations } from './connections/revocation-queue.ts'
import { type Context, closeContext, createContext, type World } from './context.ts'
import { pruneProofs } from './http/dpop-proof.ts'
import { findUnmoved, moveOut } from './keyring/move-out.ts'
import { resealDue } from './keyring/reseal-due.ts'
import { takeOverReseals } from './keyring/reseals.ts'
import { rewrapDue } from './keyring/rewrap.ts'
import { rotateDue, scheduleRotations } from './keyring/rotate.ts'
import { createFaults } from './log.ts'
import { bootstrapOwner } from './members/bootstrap-owner.ts'
import { pruneMembers } from './members/prune.ts'
import { readQueues } from './overview/read-queues.ts'
import { rollUpRefreshes } from './overview/roll-up-refreshes.ts'
import { playProviders } from './play-providers.ts'
import { sandboxOverrides } from './sandbox-overrides.ts'
import { sealedColumns } from './sealed-columns.ts'
import { type ItemSweep, sweepItems } from './vault/sweep-items.ts'
import { deliverWebhooks } from './webhooks/deliver.ts'
import { pruneDeliveries } from './webhooks/prune.ts'
import { bootstrapWorkspace } from './workspaces/bootstrap.ts'

/** With what follows it is within the 30 s that Kubernetes gives by default. */
const longestDrainMs = 25_000

/** A running server. */
export type Grantry = {
  ctx: Context
  app: FastifyInstance
  sandbox: Sandbox | null
  /** Where it listens, `http://host:port`; the public URL may be another. */
  address: string
  /** The first API key, where one was generated just now: show it once. */
  generatedApiKey: string | null
  /**
   * Answers requests for another `delay` milliseconds although it is not ready any more, lets running ones and background
   * work end for 25 s at most, and closes everything. No request fails by it.
   */
  drain(delay: number): Promise<void>
  /** Refuses new requests, lets running ones end, closes everything. */
  close(): Promise<void>
}

/**
 * Brings a whole server up: sandbox if wanted, context, first workspace, routes, background work, and then the port.
 * What has been opened is closed again when a later step fails.
 */
export async function startGrantry(config: Config, world: World = {}): Promise<Grantry> {
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const end of closers.reverse()) await end()
    closers.length = 0
  }
  try {
    const sandbox = await playProviders(config)
    if (sandbox) closers.push(() => sandbox.close())
    const ctx = await createContext(config, sandbox ? withSandbox(world, sandbox) : world)
    closers.push(() => closeContext(ctx))
    ctx.metrics.watchProcess()
    ctx.metrics.watchQueues(() => readQueues(ctx))
    const generatedApiKey = await bootstrapWorkspace(ctx)
    await bootstrapOwner(ctx)
    const app = await buildApp(ctx)
    closers.push(() => app.close())
    const address = await app.listen({ host: config.host, port: config.port })
    const endBackground = world.background === false ? async () => {} : runInBackground(ctx)
    closers.push(endBackground)
    const drain = async (delay: number) => {
      const ended = Promise.all([app.drain({ delay, longest: longestDrainMs }), endBackground()]).then(close)
      const patience = new AbortController()
      const late = pause(delay + longestDrainMs + 2000, true, { signal: patience.signal }).catch(() => false)
      if (await Promise.race([ended, late])) ctx.log.warn('background work did not end in time: it is cut')
      patience.abort()
    }
    return { ctx, app, sandbox, address, generatedApiKey, drain, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The emulator's endpoints take the place of the real ones, and its port is the one private address in reach. */
export function withSandbox(world: World, sandbox: Pick<Sandbox, 'url' | 'providers'>): World {
  return {
    ...world,
    egressAllow: [world.egressAllow, new URL(sandbox.url).host].filter(Boolean).join(','),
    providers: { ...world.providers, ...sandboxOverrides(catalogue, sandbox.providers) },
  }
}

const agreeOnTime = (ctx: Context) => ctx.agreeOnTime()
const addUpCalls = (ctx: Context) => ctx.calls.addUp()
const renewStores = (ctx: Context) => ctx.stores.renew()
const addUpFigures = (ctx: Context) => ctx.callFigures.addUp()

/** Work that nobody waits for. One run of a job ends before its next begins; closing waits for those under way. */
function runInBackground(ctx: Context): () => Promise<void> {
  const stop = new AbortController()
  const faults = createFaults(ctx)
  const every = async (ms: number, job: (ctx: Context) => Promise<void>) => {
    while (!stop.signal.aborted) {
      await ctx.clock.sleep(ms, stop.signal)
      if (stop.signal.aborted) return
      const what = `background work failed: ${job.name}`
      await job(ctx).then(
        () => faults.worked(what),
        (error: unknown) => faults.failed(what, error),
      )
    }
  }
  const refreshing = async () => {
    await takeOver(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'open attempts wait'))
    while (!stop.signal.aborted) await ctx.sweep(stop.signal)
    await ctx.leaveSpool()
  }
  const sealAnew = () => resealDue(ctx, stop.signal)
  const resealing = async () => {
    await takeOverReseals(ctx).catch((error: unknown) => ctx.log.error({ err: error }, 'sealing anew waits'))
    await every(1000, sealAnew)
  }
  const sweep: ItemSweep = { after: null }
  const moveToBackEnd = () => moveOut(ctx, stop.signal)
  const sweepBackEnds = () => sweepItems(ctx, sealedColumns, sweep, stop.signal)
  const unmoved = findUnmoved(ctx).catch((error: unknown) =>
    ctx.log.error({ err: error }, 'values that were not yet moved to the back end stay for now'),
  )
  const jobs = [
    unmoved,
    refreshing(),
    deliverWebhooks(ctx, stop.signal),
    resealing(),
    sendChains(ctx, stop.signal),
    every(1000, addUpCalls),
    every(1000, linkEvents),
    every(10_000, signChains),
    every(1000, moveToBackEnd),
    every(2000, runDueRevocations),
    every(5000, rotateDue),
    every(5000, rewrapDue),
    every(2000, followBreakGlass),
    every(10_000, agreeOnTime),
    every(10_000, emptyWorkspaces),
    every(10_000, addUpFigures),
    every(30_000, rollUpRefreshes),
    every(60_000, sweepBackEnds),
    every(60_000, sweepSessions),
    every(60_000, warnOfEnds),
    every(60_000, pruneProofs),
    every(300_000, renewStores),
    every(3_600_000, pruneRefreshes),
    every(3_600_000, scheduleRotations),
    every(3_600_000, pruneMembers),
    every(3_600_000, pruneDeliveries),
    every(3_600_000, pruneEvents),
    every(3_600_000, pruneAuthorizationServer),
    every(3_600_000, pruneRegistered),
  ]
  return async () => {
    stop.abort()
    await Promise.all(jobs)
    // What is left is found at the next start.
    await moveOut(ctx).catch((error: unknown) => ctx.log.warn({ err: error }, 'values were not moved'))
    await addUpFigures(ctx).catch((error: unknown) => ctx.log.warn({ err: error }, 'calls were not counted'))
  }
}
