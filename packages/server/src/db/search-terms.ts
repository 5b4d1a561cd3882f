/** What a connection is found by. */
export type Searched = {
  end_user_id: string | null
  end_user_email: string | null
  end_user_name: string | null
  account_id: string | null
  account_label: string | null
  account_email: string | null
}

/** Longer beginnings are not told apart. */
const longest = 64
const mostTerms = 24

/** As terms and what is looked for are compared: NFKC, lower case. */
export const toTerm = (text: string): string =>
  text.normalize('NFKC').toLowerCase().trim().slice(0, longest).toWellFormed()

/**
 * The texts that a search compares its beginning with: ids, addresses and names as they are, each further word of a name or
 * label, and the domain of an address.
 */
export function searchTerms(row: Searched): string[] {
  const { end_user_id, end_user_email, end_user_name, account_id, account_label, account_email } = row
  const terms = new Set<string>()
  for (const whole of [end_user_id, end_user_email, end_user_name, account_id, account_label, account_email])
    if (whole !== null) terms.add(toTerm(whole))
  for (const name of [end_user_name, account_label])
    for (const word of (name ?? '').split(/[\s,;:()/|·–—-]+/)) terms.add(toTerm(word))
  for (const address of [end_user_id, end_user_email, account_id, account_label, account_email]) {
    const at = address?.lastIndexOf('@') ?? -1
    if (at > 0) terms.add(toTerm(address!.slice(at + 1)))
  }
  terms.delete('')
  return [...terms].slice(0, mostTerms)
}

/** Whatever begins with `term` is at least `from` and less than `to`, compared by code points. */
export const rangeOf = (term: string): { from: string; to: string } => ({
  from: term,
  to: `${term}\u{10ffff}`,
})
