export * from './errors.ts'
export type * from './profile.ts'
export { Secret } from './secret.ts'
export type { TokenSet } from './token-set.ts'
