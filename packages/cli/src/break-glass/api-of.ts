import type { Grantry } from '@grantry/sdk'
import type { Command } from 'commander'
import type { Cli } from '../cli.ts'

/** The workspace's break-glass revocations, or the operator's. */
export type BreakGlassApi = {
  grantry: Grantry
  of: Grantry['breakGlass'] | Grantry['operatorBreakGlass']
  /** Before `/break-glass` in addresses. */
  path: string
  /** What a command line for the same needs besides. */
  flag: string
}

export const operatorOption = (command: Command): Command =>
  command.option('--operator', "the operator's, over workspaces, by GRANTRY_OPERATOR_KEY")

export async function apiOf(cli: Cli, operator: boolean): Promise<BreakGlassApi> {
  const grantry = operator ? await cli.operator() : await cli.client()
  return operator
    ? { grantry, of: grantry.operatorBreakGlass, path: '/api/v1/operator/break-glass', flag: ' --operator' }
    : { grantry, of: grantry.breakGlass, path: '/api/v1/break-glass', flag: '' }
}
