import type { Grantry, Integration } from '@grantry/sdk'
import { Failure, UsageError } from '../failure.ts'
import { type Draft, LineFault } from './draft.ts'

/** What the file calls it → what it is called here. */
export type Mapping = ReadonlyMap<string, string>

/** Commander's parser for `--map THEIRS=OURS`, which may be given several times. */
export function readMapping(text: string, known: Mapping = new Map()): Mapping {
  const at = text.lastIndexOf('=')
  const [theirs, ours] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || !/^(int|app)_[0-9a-z]+$/.test(ours))
    throw new UsageError(
      `"${text}" maps nothing: give what the file calls it and what it is here, as salesforce=int_….`,
    )
  return new Map([...known, [theirs, ours]])
}

/** Which integration here a connection belongs to; throws LineFault where that cannot be told. */
export type ChooseIntegration = (draft: Draft) => string

/**
 * In this order: as `--map` says, as `--integration` says, by its id, by the OAuth app that its tokens were granted to, by
 * the one integration of that name or provider. Tokens are good for the OAuth app only that they were granted to: another one is refused.
 * @throws Failure where `--map` or `--integration` names what is not there
 */
export async function createChoice(
  grantry: Grantry,
  mapping: Mapping,
  given: string | undefined,
): Promise<ChooseIntegration> {
  const integrations = new Map<string, Integration>()
  for await (const one of grantry.integrations.list({ limit: 200 })) integrations.set(one.id, one)
  const named = [...mapping.values(), ...(given === undefined ? [] : [given])]
  for (const id of named.filter((name) => !name.startsWith('app_')))
    if (!integrations.has(id))
      throw new Failure(`There is no integration ${id}.`, { next: 'grantry integrations list' })

  return (draft) => {
    const { integration: name, clientId } = draft
    const said = (name !== null && mapping.get(name)) || given
    const found = said ? integrations.get(said) : guess([...integrations.values()], draft)
    if (!found) throw new LineFault('integration', missing(name))
    if (clientId !== null && clientId !== found.client_id)
      throw new LineFault(
        'client_id',
        `is not the one of ${found.id}, and tokens work with their own OAuth app only`,
      )
    return found.id
  }
}

function guess(
  all: Integration[],
  { integration: name, provider, clientId }: Draft,
): Integration | undefined {
  const own = all.find(({ id }) => id === name)
  if (own) return own
  const only = (fitting: Integration[]) => (fitting.length === 1 ? fitting[0] : undefined)
  if (clientId !== null)
    return only(
      all.filter((one) => one.client_id === clientId && (provider === null || one.provider === provider)),
    )
  return only(all.filter((one) => name !== null && (one.provider === name || one.label === name)))
}

/** What is longer than names are is perhaps a token, where columns were mixed up. */
const longestName = 40

function missing(name: string | null): string {
  if (name === null) return 'is missing: give --integration'
  if (name.length > longestName) return `of ${name.length} characters is none here: give --integration`
  return `"${name}" is none here, or several are: give --map ${name}=int_…`
}
