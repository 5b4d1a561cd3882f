import type { Plan } from './plan.ts'
import { writeNodeReference } from './write-node-reference.ts'
import { writePythonResources, writePythonTypes } from './write-python.ts'
import { writePythonReference } from './write-python-reference.ts'
import { writeContract, writeResources } from './write-typescript.ts'

/** Every file that is written from the plan: its path from the root, its text. */
export function generated(plan: Plan): Record<string, string> {
  return {
    'packages/sdk/src/contract.ts': writeContract(plan),
    'packages/sdk/src/resources.ts': writeResources(plan),
    'docs/sdk-node-reference.md': writeNodeReference(plan),
    'docs/sdk-python-reference.md': writePythonReference(plan),
    'python/src/grantry/types.py': writePythonTypes(plan),
    'python/src/grantry/resources.py': writePythonResources(plan, 'sync'),
    'python/src/grantry/async_resources.py': writePythonResources(plan, 'async'),
  }
}
