import {
  compile,
  type JSONValue,
  register,
  TreeInterpreter,
  TYPE_ANY,
  TYPE_NULL,
  TYPE_NUMBER,
  TYPE_STRING,
} from '@jmespath-community/jmespath'
import { htmlText } from './html-text.ts'
import { base64urlText, header, mailAddresses, mailAttachments, mailText } from './read-mail.ts'
import { isoTime, isoToSeconds, secondsToIso } from './times.ts'
import { cut, keepNulls, without } from './values.ts'

export type Json = JSONValue

const compiled = new Map<string, ReturnType<typeof compile>>()

/**
 * What a JMESPath expression gives over the data; with our functions. Expressions are the catalogue's, never a caller's.
 * @throws Error for an expression that is none, or a function that is given what it does not take
 */
export function evaluate(expression: string, data: Json): Json {
  let node = compiled.get(expression)
  if (!node) {
    node = compile(expression)
    compiled.set(expression, node)
  }
  return TreeInterpreter.search(node, data)
}

/** Throws where the expression cannot be read. */
export function checkExpression(expression: string): void {
  compile(expression)
}

const text = { types: [TYPE_STRING, TYPE_NULL] }
const optionalText = { types: [TYPE_STRING, TYPE_NULL], optional: true }
const any = { types: [TYPE_ANY] }
const functions: [string, (args: Json[]) => Json, { types: number[]; optional?: boolean }[]][] = [
  ['seconds_to_iso', ([seconds]) => secondsToIso(seconds), [any]],
  ['iso_to_seconds', ([time]) => isoToSeconds(time), [any]],
  ['iso_time', ([milliseconds]) => isoTime(milliseconds), [any]],
  ['base64url_text', ([data, charset]) => base64urlText(data, charset), [text, optionalText]],
  ['html_text', ([html]) => htmlText(html), [text]],
  ['cut', ([long, most]) => cut(long, most as number), [any, { types: [TYPE_NUMBER] }]],
  ['header', ([headers, name]) => header(headers, name as string), [any, { types: [TYPE_STRING] }]],
  ['mail_addresses', ([list]) => mailAddresses(list), [any]],
  ['keep_nulls', ([value]) => keepNulls(value), [any]],
  ['without', ([value, name]) => without(value, name as string), [any, { types: [TYPE_STRING] }]],
  ['mail_text', ([payload]) => mailText(payload), [any]],
  ['mail_attachments', ([payload]) => mailAttachments(payload), [any]],
]
for (const [name, run, signature] of functions) {
  const registered = register(name, (args) => run(args as Json[]), signature, { override: true })
  if (!registered.success) throw new Error(registered.message)
}
