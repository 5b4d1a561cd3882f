/** A browser without a screen: it keeps cookies, follows redirects, and sends forms as its pages have them. */
export type Browser = {
  /** Goes to an address and follows redirects, but not to other origins than `origin`. */
  open(url: string): Promise<Visit>
  /** Presses a button of the page's form; the fields are added to those the form has. */
  submit(
    visit: Visit,
    fields?: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Visit>
  cookies: Map<string, string>
}

export type Visit = {
  /** Where it ended: a page, or the first address outside. */
  url: string
  status: number
  text: string
  headers: Headers
}

export function createBrowser(origin: string, cookies = new Map<string, string>()): Browser {
  type Jar = Map<string, { value: string; path: string }>
  const jar: Jar = new Map([...cookies].map(([name, value]) => [name, { value, path: '/' }]))

  async function request(url: string, init: RequestInit = {}, follow = 20): Promise<Visit> {
    const { pathname } = new URL(url)
    const cookie = [...jar]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name.split('|')[0]}=${value}`)
      .join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...init.headers },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const at = pair.indexOf('=')
      const path = attributes.find((text) => /^\s*path=/i.test(text))?.split('=')[1] ?? '/'
      const name = `${pair.slice(0, at)}|${path}`
      const ended = attributes.some((text) => /expires=Thu, 01 Jan 1970|max-age=0/i.test(text))
      if (ended) jar.delete(name)
      else jar.set(name, { value: pair.slice(at + 1), path })
    }
    const location = response.headers.get('location')
    if (location && response.status >= 300 && response.status < 400) {
      const next = new URL(location, url)
      await response.body?.cancel()
      if (next.origin !== origin || follow === 0)
        return { url: next.href, status: response.status, text: '', headers: response.headers }
      return request(next.href, {}, follow - 1)
    }
    return { url, status: response.status, text: await response.text(), headers: response.headers }
  }

  return {
    cookies,
    open: (url) => request(new URL(url, origin).href),
    submit(visit, fields = {}, headers = {}) {
      const [, action] = /<form method="post" action="([^"]+)"/.exec(visit.text) ?? []
      if (!action) throw new Error(`no form at ${visit.url}: ${visit.text.slice(-600)}`)
      const body = new URLSearchParams()
      for (const [, name, value] of visit.text.matchAll(
        /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
      ))
        body.append(name!, value!)
      for (const [name, values] of Object.entries(fields)) {
        body.delete(name)
        for (const value of [values].flat()) body.append(name, value)
      }
      return request(new URL(action, visit.url).href, {
        method: 'POST',
        body: body.toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin,
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      })
    },
  }
}
