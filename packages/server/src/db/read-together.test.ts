import { expect, test } from 'vitest'
import { eachDatabase } from '../../../../test/support/databases.ts'
import type { Migration } from './migrate.ts'
import { readTogether } from './read-together.ts'

type Note = { workspace_id: string; id: string; text: string }
type Tables = { notes: Note }

const notes: Migration = {
  name: 'notes',
  async up(db, types) {
    await db.schema
      .createTable('notes')
      .addColumn('workspace_id', types.uuid)
      .addColumn('id', types.uuid)
      .addColumn('text', types.text)
      .execute()
  },
}

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const here = uuid(900_001)
const elsewhere = uuid(900_002)

function reader() {
  const asked: string[] = []
  const read = readTogether<Note, Tables>((db, { workspace, ids }) =>
    db
      .selectFrom('notes')
      .selectAll()
      .where('workspace_id', '=', workspace)
      .where('id', 'in', ids)
      .$call((query) => ({
        compile() {
          const compiled = query.compile()
          return new Proxy(compiled, {
            // Each run copies the compiled query, and with it looks at its text once.
            get: (target, name) => {
              if (name === 'sql') asked.push(target.sql)
              return Reflect.get(target, name)
            },
          })
        },
      })),
  )
  return { read, asked }
}

eachDatabase(
  'reading together',
  (open) => {
    test('answers each by its id, and says nothing where there is nothing', async () => {
      const db = await open<Tables>()
      await db
        .insertInto('notes')
        .values([1, 2, 3].map((n) => ({ workspace_id: here, id: uuid(n), text: `note ${n}` })))
        .execute()
      const { read } = reader()
      const ids = [3, 1, 4, 2, 1].map(uuid)
      const found = await Promise.all(ids.map((id) => read(db, here, id)))
      expect(found.map((note) => note?.text)).toEqual(['note 3', 'note 1', undefined, 'note 2', 'note 1'])
    })

    test('asks once for all that come in one turn, and anew in the next', async () => {
      const db = await open<Tables>()
      const { read, asked } = reader()
      await Promise.all(Array.from({ length: 600 }, (_each, n) => read(db, here, uuid(n))))
      expect(asked).toHaveLength(2)
      await read(db, here, uuid(1))
      expect(asked).toHaveLength(3)
    })

    test('never gives one workspace what is another’s', async () => {
      const db = await open<Tables>()
      await db
        .insertInto('notes')
        .values({ workspace_id: elsewhere, id: uuid(50), text: 'theirs' })
        .execute()
      const { read } = reader()
      const [ours, theirs] = await Promise.all([read(db, here, uuid(50)), read(db, elsewhere, uuid(50))])
      expect(ours).toBeUndefined()
      expect(theirs?.text).toBe('theirs')
    })

    test('sees what was written before the call, whoever else is asking', async () => {
      const db = await open<Tables>()
      const { read } = reader()
      await db
        .insertInto('notes')
        .values({ workspace_id: here, id: uuid(60), text: 'old' })
        .execute()
      const early = read(db, here, uuid(60))
      await db.updateTable('notes').set({ text: 'new' }).where('id', '=', uuid(60)).execute()
      const late = read(db, here, uuid(60))
      expect((await late)?.text).toBe('new')
      await early
    })

    test('fails for all who asked, and only for them', async () => {
      const db = await open<Tables>()
      const { read } = reader()
      await db.schema.alterTable('notes').renameTo('moved').execute()
      const failed = await Promise.allSettled([read(db, here, uuid(1)), read(db, here, uuid(2))])
      await db.schema.alterTable('moved').renameTo('notes').execute()
      expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      expect((await read(db, here, uuid(1)))?.text).toBe('note 1')
    })
  },
  { migrations: [notes] },
)
