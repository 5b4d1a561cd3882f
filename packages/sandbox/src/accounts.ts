/** A person who does not exist, with an account at every provider. `number` is what the providers' own ids are made from. */
export type Account = {
  number: number
  email: string
  name: string
  given_name: string
  family_name: string
}

export const accounts: readonly Account[] = [
  { number: 1, email: 'ada@example.com', name: 'Ada Lovelace', given_name: 'Ada', family_name: 'Lovelace' },
  { number: 2, email: 'grace@example.com', name: 'Grace Hopper', given_name: 'Grace', family_name: 'Hopper' },
  {
    number: 3,
    email: 'linus@example.com',
    name: 'Linus Pauling',
    given_name: 'Linus',
    family_name: 'Pauling',
  },
]

export const findAccount = (email: string): Account | undefined =>
  accounts.find((account) => account.email === email.toLowerCase())
