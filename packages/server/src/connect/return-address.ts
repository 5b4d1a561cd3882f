import { invalid } from '../errors.ts'
import type { Workspace } from '../workspaces/store.ts'

/**
 * Where a person may be sent back to: exactly an address on the workspace's list, or a page of our own.
 * Compared as the raw text and as the parsed URL, so that nothing that parses differently elsewhere slips through.
 * @throws ApiError return_to_not_allowed
 */
export function checkReturnTo(workspace: Workspace, publicUrl: string, returnTo: string): void {
  const refuse = () =>
    invalid(
      'return_to',
      'is not on the list of return addresses of this workspace (PATCH /api/v1/workspace, return_urls)',
      'return_to_not_allowed',
    )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (/[\u0000-\u0020\u007f\\]/.test(returnTo) || !URL.canParse(returnTo)) throw refuse()
  const parsed = new URL(returnTo)
  if (parsed.username || parsed.password || parsed.hash) throw refuse()
  const ours = parsed.origin === publicUrl && returnTo.startsWith(`${publicUrl}/`)
  const listed = workspace.returnUrls.some((url) => url === returnTo && new URL(url).href === parsed.href)
  if (!ours && !listed) throw refuse()
}

/** @throws ApiError origin_not_allowed */
export function checkOrigin(workspace: Workspace, publicUrl: string, origin: string): void {
  if (origin === publicUrl || workspace.allowedOrigins.includes(origin)) return
  throw invalid(
    'origin',
    'is not on the list of origins of this workspace (PATCH /api/v1/workspace, allowed_origins)',
    'origin_not_allowed',
  )
}

/** A return address with our parameters; those of the same name that were there are replaced. */
export function withParameters(returnTo: string, parameters: Record<string, string | null>): string {
  const url = new URL(returnTo)
  for (const [name, value] of Object.entries(parameters)) {
    url.searchParams.delete(name)
    if (value !== null) url.searchParams.set(name, value)
  }
  return url.href
}

/**
 * A path of ours as an absolute address, for callers that may name nothing else.
 * @throws ApiError return_to_not_allowed for what is not a plain path: `//host`, backslashes, other schemes
 */
export function ownPage(publicUrl: string, path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  const plain = /^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/.test(path) && URL.canParse(path, publicUrl)
  const url = plain ? new URL(path, publicUrl) : null
  if (url?.origin !== publicUrl)
    throw invalid('return_to', 'must be a path such as /dashboard', 'return_to_not_allowed')
  return url.href
}
