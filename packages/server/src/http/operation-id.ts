import * as contract from '@grantry/api'

const names = new Map<unknown, string>(Object.entries(contract).map(([name, exported]) => [exported, name]))

/** What an endpoint is called in /openapi.json, and by whatever is made from it: the name by which the contract exports it. */
export function operationId(endpoint: object): string {
  const name = names.get(endpoint)
  if (name === undefined) throw new Error('an endpoint that the contract does not export has no name')
  return name
}
