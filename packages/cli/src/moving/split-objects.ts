import { Failure } from '../failure.ts'

/** One object of the text: where it begins, counted from 1, how it is written, and how deep it goes. */
export type Piece = { line: number; text: string; depth: number }

/** Past what any connection can be: the server takes requests of a megabyte. */
const longest = 1_000_000

/** `{"connections": [` and `{"data": [`: lists as APIs answer them. */
const wrapper = /^\{\s*"(?:connections|data)"\s*:\s*$/

/**
 * Finds the objects of a JSON text as it comes, without keeping more than one: objects one after the other (JSON lines),
 * an array of them, or an array that is the first field of an object, as APIs answer lists.
 * @throws Failure for what is none of these
 */
export async function* splitObjects(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  let line = 1
  /** How deep what is around the wanted objects goes: 0, 1 in an array, 2 in an array in an object. */
  let base = 0
  let depth = 0
  let quoted = false
  let escaped = false
  let text = ''
  let begins = 0
  let isOver = false
  let deepest = 0

  for await (const chunk of chunks) {
    let from = 0
    for (let at = 0; at < chunk.length; at++) {
      const letter = chunk.charCodeAt(at)
      if (letter === 10) line++
      if (quoted) {
        if (escaped) escaped = false
        else if (letter === backslash) escaped = true
        else if (letter === quote) quoted = false
        continue
      }
      const inside = depth > base
      if (letter === quote && (inside || isOver)) quoted = true
      else if (letter === openBrace || letter === openBracket) {
        if (letter === openBracket && depth === 0 && !isOver) base = 1
        else if (
          letter === openBracket &&
          depth === 1 &&
          base === 0 &&
          wrapper.test(text + chunk.slice(from, at))
        ) {
          base = 2
          text = ''
        } else if (!inside && !isOver) {
          if (letter === openBracket) throw notJson(line)
          text = ''
          begins = line
          from = at
          deepest = 0
        }
        depth++
        deepest = Math.max(deepest, depth - base)
      } else if (letter === closeBrace || letter === closeBracket) {
        depth--
        if (depth < 0) throw notJson(line)
        // Whatever follows the array in an object around it is not looked at.
        if (depth < base) {
          isOver = true
          base = depth
        } else if (depth === base && !isOver) {
          yield { line: begins, text: text + chunk.slice(from, at + 1), depth: deepest }
          text = ''
        }
      } else if (!inside && !isOver && letter !== comma && !isSpace(letter)) throw notJson(line)
    }
    if (depth > base && !isOver) text += chunk.slice(from)
    if (text.length > longest)
      throw new Failure(`What begins in line ${begins} is larger than any connection.`)
  }
  if (depth > 0)
    throw new Failure(`The file ends in the middle of what begins in line ${begins}.`, { next: again })
}

const again = 'get the whole file and run the same again: what has been imported stays as it is'
const [quote, backslash, comma] = [34, 92, 44]
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93]
const isSpace = (letter: number) =>
  letter === 32 || letter === 10 || letter === 13 || letter === 9 || letter === 0xfeff

const notJson = (line: number) =>
  new Failure(`Line ${line} is no JSON object.`, { next: 'give JSON lines, or an array of objects' })
