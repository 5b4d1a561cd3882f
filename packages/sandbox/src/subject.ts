/** An account's `sub`: 21 digits, as the best known OpenID provider's are. */
export const subjectOf = (account: { number: number }): string => `10472900000000000000${account.number}`
