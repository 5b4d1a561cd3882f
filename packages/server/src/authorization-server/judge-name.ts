const longest = 120

/** What cannot be seen or turns the text around it: controls, bidi overrides, fillers. Joiners are letters' in some scripts. */
const unseen = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|(?![\u200c\u200d])\p{Cf}/u

/** What is wrong with a name that people will be shown when they are asked to allow something; null when it will do. */
export function judgeName(name: string): string | null {
  if (name.length > longest) return `must have at most ${longest} characters`
  if (unseen.test(name)) return 'must not hold characters that cannot be seen or that turn text around'
  if (!/[\p{L}\p{N}]/u.test(name)) return 'must hold a letter or a digit'
  return null
}
