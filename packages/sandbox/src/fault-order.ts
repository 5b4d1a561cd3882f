import { ControlError } from './control-error.ts'
import { type FaultOrder, faultNames } from './faults.ts'
import type { SandboxState } from './state.ts'

const endpoints = ['authorize', 'token', 'revoke', 'introspect', 'api', 'account']
const known: readonly string[] = Object.values(faultNames).flat()

/** What each fault cannot do without. */
const needs: Record<string, Record<string, 'number' | 'string' | 'any'>> = {
  status: { status: 'number' },
  error: { error: 'string' },
  huge_body: { bytes: 'number' },
  gzip_bomb: { bytes: 'number' },
  redirect: { to: 'string' },
  expires_in: { value: 'any' },
  delay: { ms: 'number' },
}

/** A fault order from outside; throws a ControlError that names the field. */
export const checkFaultOrder = (state: Pick<SandboxState, 'tables'>, given: unknown): FaultOrder => {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ControlError(400, 'Send a JSON object.')
  const order = given as Record<string, unknown>
  const fault = String(order.fault)
  if (!known.includes(fault)) throw new ControlError(400, `fault: one of ${known.join(', ')}.`)
  if (!endpoints.includes(String(order.endpoint)))
    throw new ControlError(400, `endpoint: one of ${endpoints.join(', ')}.`)
  if (order.provider !== undefined && !state.tables.has(String(order.provider)))
    throw new ControlError(400, `provider: one of ${[...state.tables.keys()].join(', ')}.`)
  const spoils: readonly string[] = faultNames.spoilers
  if (spoils.includes(fault) && fault !== 'wrong_charset' && order.endpoint !== 'token')
    throw new ControlError(400, `endpoint: ${fault} spoils token answers, so it must be token.`)
  const { times } = order
  if (times !== undefined && times !== 'forever' && !(Number.isInteger(times) && Number(times) > 0))
    throw new ControlError(400, 'times: a whole number above 0, or "forever".')
  for (const [field, type] of Object.entries(needs[fault] ?? {}))
    if (!(field in order) || (type !== 'any' && typeof order[field] !== type))
      throw new ControlError(400, `${field}: ${fault} needs a ${type} here.`)
  return order as unknown as FaultOrder
}
