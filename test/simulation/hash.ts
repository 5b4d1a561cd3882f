import { hash } from 'node:crypto'

/** Stands for the hash of a token; short-lived, so that quick is enough. */
export const hashOf = (text: string) => hash('sha1', text)
