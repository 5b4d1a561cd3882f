/** Where there is nothing else to go on to. */
const home = '/'

/**
 * The page of ours that `next` names, as a path with its query; `/` for anything else. It must begin with one slash and
 * hold nothing that any parser reads as another host or drops on the way (`\`, tabs, line ends, spaces), as written
 * and as the URL standard reads it.
 */
export function nextPage(publicUrl: string, next: string | null | undefined): string {
  if (!next || next.length > 4096 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next)) return home
  if (!URL.canParse(next, publicUrl)) return home
  const { origin, pathname, search } = new URL(next, publicUrl)
  // What dots resolve to may begin with two slashes: `/.//evil.example`.
  if (origin !== publicUrl || /^[/\\]{2}/.test(pathname)) return home
  return `${pathname}${search}`
}
