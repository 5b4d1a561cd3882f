/**
 * Scopes that were asked for and not given, and given without having been asked for. Nothing is missing where the provider
 * has not said what it gave (null).
 */
export function compareScopes(
  asked: string[],
  granted: string[] | null,
): { missing: string[]; beyond: string[] } {
  if (granted === null) return { missing: [], beyond: [] }
  return {
    missing: asked.filter((scope) => !granted.some((given) => isSame(scope, given))),
    beyond: granted.filter((given) => !asked.some((scope) => isSame(scope, given))),
  }
}

/** OpenID's own scopes may come back under a longer name, as in `…/auth/userinfo.email` for `email`. */
const isSame = (asked: string, given: string): boolean =>
  asked === given || given.endsWith(`/userinfo.${asked}`)
