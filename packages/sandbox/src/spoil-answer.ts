import type { FaultPlan } from './faults.ts'
import type { Issued } from './provider-table.ts'

/** Puts the ordered faults into the fields of a token answer, before the provider's table gives it its shape. */
export const spoilIssued = (issued: Issued, plan: FaultPlan): Issued => {
  const spoilt = { ...issued }
  for (const { order } of plan.spoilers) {
    if (order.fault === 'token_is_number') spoilt.access_token = 1234567890
    if (order.fault === 'token_with_crlf') spoilt.access_token = `${issued.access_token}\r\nX-Injected: yes`
    if (order.fault === 'wrong_token_type') spoilt.token_type = order.token_type ?? 'mac'
    if (order.fault === 'missing_expires_in') spoilt.expires_in = undefined
    if (order.fault === 'expires_in') spoilt.expires_in = order.value
    if (order.fault === 'omit_refresh_token') spoilt.refresh_token = null
  }
  return spoilt
}
