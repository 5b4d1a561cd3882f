import type { Plan } from './plan.ts'
import { writeContract, writeResources } from './write-typescript.ts'

/** Every file that is written from the plan: its path from the root, its text. */
export function generated(plan: Plan): Record<string, string> {
  return {
    'packages/sdk/src/contract.ts': writeContract(plan),
    'packages/sdk/src/resources.ts': writeResources(plan),
  }
}
