import { expect, test } from 'vitest'
import { eachDatabase } from '../support/databases.ts'
import { long } from '../support/figures.ts'
import type { MemoryDatabase } from './memory-store.ts'
import { replay, takeOverDatabaseClock } from './replay.ts'
import { simulate } from './run.ts'
import type { Command } from './world.ts'

const runs = long ? 150 : 12

const operations = [
  'acquire',
  'adopt',
  'begin',
  'claim',
  'close',
  'contested',
  'defer',
  'dismiss',
  'end',
  'fail',
  'holders',
  'keep',
  'postpone',
  'read',
  'release',
  'remaining',
  'revive',
  'scene',
  'write',
]

eachDatabase('the store of the simulation and the real one', (open) => {
  test('give the same answers and hold the same rows after the same commands', {
    timeout: 300_000,
  }, async () => {
    if (open.dialect === 'postgres')
      await takeOverDatabaseClock(await open(), new URL(open.url).pathname.slice(1))
    // Sessions that begin now find the clock of the simulation first.
    const db = await open()
    const unseen = new Set(operations)
    let done = 0
    for (let seed = 1; done < runs || unseen.size > 0; seed++) {
      expect(seed, `never played: ${[...unseen]}`).toBeLessThan(2000)
      const commands: Command[] = []
      let memory: MemoryDatabase | null = null
      const { processes } = await simulate(seed, null, {
        record: (command) => commands.push(command),
        database: (database) => {
          memory = database
        },
      })
      // Leases that end with their process are SQLite's alone.
      if (open.dialect === 'postgres' && processes === 1) continue
      const played = new Set(commands.map((command) => ('write' in command ? 'write' : command.operation)))
      if (done >= runs && ![...unseen].some((operation) => played.has(operation as never))) continue
      for (const operation of played) unseen.delete(operation)
      done++
      expect(await replay(db, commands, memory!), `seed ${seed}`).toBeNull()
    }
  })
})
