import { createHash } from 'node:crypto'

/** Stands for the hash of a token; short-lived, so that quick is enough. */
export const hashOf = (text: string) => createHash('sha1').update(text).digest('hex')
