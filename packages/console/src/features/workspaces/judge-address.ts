/** What is wrong with an origin, as a browser writes one; null: nothing. The server judges it again. */
export function judgeOrigin(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'Begin with https://, such as https://app.example.com'
  if (!URL.canParse(text)) return 'Name a host that exists, such as https://app.example.com'
  if (/[*,]/.test(text)) return 'Name one host in each row; there are no wildcards'
  const { origin } = new URL(text)
  if (text.toLowerCase() !== origin && text.toLowerCase().replace(/:(80|443)$/, '') !== origin)
    return `An origin has no path and no slash at its end: ${origin}`
  return null
}

/** The same of an address that people are sent back to. */
export function judgeReturnUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return 'Begin with https://, such as https://app.example.com/settings'
  if (!URL.canParse(text)) return 'Name a host that exists, such as https://app.example.com/settings'
  const { username, password, hash } = new URL(text)
  if (username || password) return 'Leave out the user and password'
  if (hash || text.endsWith('#')) return 'Leave out what follows #'
  return null
}
