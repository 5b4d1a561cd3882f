import type { Command } from 'commander'
import { apiOf, operatorOption } from '../../break-glass/api-of.ts'
import { showBreakGlass } from '../../break-glass/show.ts'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry break-glass status ID` */
export function register(parent: Command, cli: Cli): void {
  const command = operatorOption(
    parent.command('status <id>').description('How far one is, and what needs manual work'),
  ).action(async (id: string, { operator }: { operator?: boolean }) => {
    const { of, flag } = await apiOf(cli, operator === true)
    showBreakGlass(cli, await of.get(id), flag)
  })
  addExamples(command, [{ command: 'grantry break-glass status bgl_01k3…', what: 'As its start printed it' }])
}
