// What the client is made of, without Node: for the console, whose pages call by a browser's cookie.
export { type Call, createCall } from './call.ts'
export type * from './contract.ts'
export * from './errors.ts'
export type { ListPage, Page } from './page.ts'
export { Resources } from './resources.ts'
export { createSend, type Send, type Transport } from './send.ts'
