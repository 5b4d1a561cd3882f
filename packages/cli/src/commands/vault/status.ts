import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'

/** `grantry vault status`: which keys there are, and how far a rotation is. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('status')
    .description('Show root keys, data keys, and how many values are still to be sealed anew')
    .action(async () => {
      const grantry = await cli.operator()
      const status = await grantry.vault.get()
      const { root_keys, data_keys, back_ends, values } = status
      if (cli.out.json) return cli.out.record(status, {})
      await cli.out.table(root_keys, {
        'ROOT KEY': ({ id }) => id,
        'DATA KEYS': (key) => key.data_keys,
        STATE: ({ wraps_here, to_wrap_all, known, data_keys: wraps }) => {
          if (!known) return 'not known to this process'
          if (wraps_here) return to_wrap_all ? 'wraps' : 'wraps here, but another is to wrap all'
          if (to_wrap_all) return 'is to wrap all, but does not here'
          return wraps > 0 ? 'being replaced' : 'not needed any more'
        },
      })
      cli.out.record(status, {
        'data keys': `${data_keys.sealing} sealing, ${data_keys.former} former, ${data_keys.retired} retired`,
        'rest in': back_ends
          .filter(({ configured, values: there }) => configured || (there ?? 0) > 0)
          .map(({ name, configured, values: there }) =>
            [name, there === null ? '' : `: ${there}`, configured ? ' (configured)' : ''].join(''),
          )
          .join(', '),
        'to seal anew': values.workspaces_to_look_at
          ? `${values.left} values, and ${values.workspaces_to_look_at} workspaces to look at`
          : `${values.left} values`,
      })
      if (values.refused > 0)
        cli.out.warn(`${values.refused} values do not open: they were changed from outside.`)
      else if (data_keys.former > 0 && values.left === 0 && values.workspaces_to_look_at === 0)
        cli.out.next('grantry vault retire --all')
    })
  addExamples(command, [
    { command: 'grantry vault status', what: 'As the operator, by GRANTRY_OPERATOR_KEY' },
  ])
}
