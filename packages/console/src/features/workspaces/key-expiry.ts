const day = 86_400_000

/** Lifetimes that are offered for a key. */
export const lifetimes = [
  { value: '', label: 'Never' },
  { value: '1', label: 'In 24 hours' },
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
]

/** ISO 8601; undefined: never. */
export const endOf = (days: string, now: number): string | undefined =>
  days === '' ? undefined : new Date(now + Number(days) * day).toISOString()
