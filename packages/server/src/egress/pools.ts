import { Pool } from 'undici'
import { type ConnectOptions, pinnedConnector } from './connect.ts'
import type { Verdict } from './judge.ts'

export type PoolOptions = ConnectOptions & {
  socketsPerOrigin: number
  maxPools: number
  maxHeaderBytes: number
}

/** Keep-alive sockets, apart by workspace, verdict, origin and address list; the least recently used pool goes when there are too many. */
export type Pools = {
  get(workspace: string, verdict: Verdict): Pool
  /** Waits for what runs, at most `graceMs`, then ends it. */
  close(graceMs: number): Promise<void>
}

/**
 * A socket is only ever given to a call whose own verdict has the same kind, origin and address list as the call that
 * opened it; a call that is refused never gets this far. Each workspace has sockets of its own: one whose calls take all
 * that an origin gets, by answers that it reads slowly say, keeps nobody else waiting.
 */
export function createPools(options: PoolOptions): Pools {
  const pools = new Map<string, Pool>()
  const retiring = new Map<Pool, Promise<void>>()

  const retire = (pool: Pool) => {
    retiring.set(
      pool,
      pool.close().finally(() => retiring.delete(pool)),
    )
  }

  return {
    get(workspace, { by, target, addresses }) {
      const key = [workspace, by, target.origin, ...addresses.map(({ address }) => address).sort()].join(' ')
      let pool = pools.get(key)
      if (pool) pools.delete(key)
      else {
        pool = new Pool(target.origin, {
          connect: pinnedConnector(addresses, options),
          connections: options.socketsPerOrigin,
          pipelining: 1,
          maxHeaderSize: options.maxHeaderBytes,
          // Deadlines are kept by the exchange, over headers and body together.
          headersTimeout: 0,
          bodyTimeout: 0,
          keepAliveTimeout: 4_000,
          keepAliveMaxTimeout: 30_000,
        })
      }
      pools.set(key, pool)
      if (pools.size > options.maxPools) {
        const [oldest, idle] = pools.entries().next().value!
        pools.delete(oldest)
        retire(idle)
      }
      return pool
    },
    async close(graceMs) {
      for (const pool of pools.values()) retire(pool)
      pools.clear()
      let timer: NodeJS.Timeout | undefined
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs)
      })
      await Promise.race([Promise.all(retiring.values()), grace])
      clearTimeout(timer)
      await Promise.all([...retiring.keys()].map((pool) => pool.destroy()))
    },
  }
}
