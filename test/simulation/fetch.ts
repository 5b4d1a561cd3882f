import type { Fetch } from '../../packages/oauth/src/index.ts'
import type { CallFault } from './scenario.ts'
import { type Host, origin, type World } from './world.ts'

const httpTimeoutMs = 10_000

const failure = (code: string, sent: boolean) => Object.assign(new Error(code), { code, sent })

const response = (status: number, body: string, headers: Record<string, string> = {}) =>
  ({
    status,
    ok: status < 300,
    headers: new Headers({ 'content-type': 'application/json', ...headers }),
    arrayBuffer: async () => new TextEncoder().encode(body).buffer,
  }) as unknown as Response

/** The line to the provider, with what can go wrong on it. What a stopped process would have received waits for it. */
export function createFetch(world: World, host: Host): Fetch {
  const { dice, scheduler, scenario, provider, watch } = world
  const { process } = host
  return async (_url, init) => {
    const token = new URLSearchParams(String(init?.body)).get('refresh_token')!
    const faulty = scheduler.now() - origin < scenario.faultsEndAt && dice.chance(scenario.callFaultRate)
    const fault: CallFault | null = world.nextFault ?? (faulty ? dice.pick(scenario.callFaults) : null)
    world.nextFault = null
    if (fault === 'unreachable') {
      await process.after(dice.between(1, 2_000))
      throw failure('egress_unreachable', false)
    }
    world.trace(() => `${process.name} sends ${token}${fault ? ` (${fault})` : ''}`)
    const use = watch.sending(world, host, token)
    const there = fault === 'slow' ? dice.between(500, 9_000) : dice.between(5, 200)
    const back = fault === 'slow' ? dice.between(500, 9_000) : dice.between(5, 200)
    let answer: { status: number; body: string } | null = null
    scheduler.at(scheduler.now() + there, () => {
      const given = atProvider(fault, token)
      answer = given
      world.trace(() => `provider answers ${given.status} ${given.body}`)
    })
    const never = fault === 'hangs before' || fault === 'hangs after'
    try {
      if (fault === 'cut before' || fault === 'cut after') {
        await process.after(there + (fault === 'cut after' ? back : -1))
        throw failure('egress_cut', true)
      }
      const total = never ? Number.POSITIVE_INFINITY : there + back
      if (total > httpTimeoutMs) {
        await process.after(httpTimeoutMs)
        throw failure('egress_timeout', true)
      }
      await process.after(total)
      if (answer!.status === 200) watch.received(world, host, answer!.body)
      return response(answer!.status, answer!.body, fault === '429' ? { 'retry-after': '5' } : {})
    } finally {
      use.over()
    }
  }

  function atProvider(fault: CallFault | null, token: string): { status: number; body: string } {
    switch (fault) {
      case 'cut before':
      case 'hangs before':
        return { status: 0, body: '' }
      case '500 before':
        return { status: 500, body: '{}' }
      case '429':
        return { status: 429, body: '{}' }
      case 'html':
        return { status: 503, body: '<html>We are down for maintenance</html>' }
      case 'invalid_client':
        return { status: 401, body: '{"error":"invalid_client"}' }
      case 'invalid_grant by mistake':
        if (watch.mistakes++ > 0) return provider.refresh(token)
        return { status: 400, body: '{"error":"invalid_grant"}' }
      case '500 after':
        provider.refresh(token)
        return { status: 500, body: '{}' }
      default:
        return provider.refresh(token)
    }
  }
}
