import type { Command } from 'commander'
import type { Cli } from '../../cli.ts'
import { addExamples } from '../../examples.ts'
import { wholeNumber } from '../../option-values.ts'
import { take } from '../../take.ts'

/** `grantry providers search [TEXT]`: the catalogue. */
export function register(parent: Command, cli: Cli): void {
  const command = parent
    .command('search [text]')
    .description('Search the catalogue of providers')
    .option('--category <name>', 'of one category')
    .option('--limit <count>', 'at most this many', wholeNumber(1))
    .action(async (text: string | undefined, { category, limit }: { category?: string; limit?: number }) => {
      const grantry = await cli.client()
      const query = { ...(text ? { search: text } : {}), ...(category ? { category } : {}), limit: 200 }
      await cli.out.table(
        take(grantry.providers.list(query), limit),
        {
          PROVIDER: ({ provider }) => provider,
          NAME: ({ name }) => name,
          CATEGORY: ({ category }) => category,
          TOOLS: ({ has_tools }) => (has_tools ? 'yes' : 'no'),
          'ITS DOCUMENTATION': ({ docs_url }) => docs_url,
        },
        {
          none: 'The catalogue has none like that. Any OAuth 2.0 service can be added by its endpoints.',
          next: 'grantry integrations create --help',
        },
      )
    })
  addExamples(command, [
    { command: 'grantry providers search mail', what: 'By name, category or what it is for' },
  ])
}
