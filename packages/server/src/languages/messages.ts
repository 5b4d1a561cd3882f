import type { en } from './en.ts'

/** All that English has, in another language: a message that is missing is an error of types. */
export type Messages = Record<keyof typeof en, string>
