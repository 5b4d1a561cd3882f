import { InvalidArgumentError } from 'commander'
import { readList } from './read-list.ts'

/** Words by commas or spaces; an option that is given again adds to them. */
export const words = (text: string, before: string[] = []): string[] => [...before, ...readList(text)]

/** `name=value`; an option that is given again adds to them. */
export function pairs(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It is name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A whole number from `least` to `most`. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(
        `It is a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' on'}.`,
      )
    return number
  }
