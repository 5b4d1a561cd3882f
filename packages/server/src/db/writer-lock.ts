import { DatabaseError } from './errors.ts'

export type Release = () => void

export type WriterLock = { acquire(): Promise<Release> }

type Waiter = { admit: (release: Release) => void; timer: NodeJS.Timeout }

/**
 * First come, first served, one at a time. Who waits longer than `waitMs` is refused: a write through the whole
 * database that is awaited inside a transaction would otherwise wait for itself for ever.
 */
export function createWriterLock(waitMs: number): WriterLock {
  const waiting = new Set<Waiter>()
  let held = false

  function hold(): Release {
    let released = false
    held = true
    return () => {
      if (released) return
      released = true
      held = false
      for (const next of waiting) {
        waiting.delete(next)
        clearTimeout(next.timer)
        next.admit(hold())
        return
      }
    }
  }

  return {
    acquire() {
      if (!held) return Promise.resolve(hold())
      return new Promise((admit, refuse) => {
        const timer = setTimeout(() => {
          waiting.delete(waiter)
          refuse(new DatabaseError(`Waited ${waitMs} ms for another write transaction to end`))
        }, waitMs)
        const waiter: Waiter = { admit, timer }
        waiting.add(waiter)
      })
    },
  }
}
