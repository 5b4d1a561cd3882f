/** `https://HOST:PORT`; null for what has a path, credentials or anything else. */
export function readOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const plain = /^https?:$/.test(url.protocol) && !url.username && !url.password
  return plain && url.pathname === '/' && !url.search && !url.hash ? url.origin : null
}
