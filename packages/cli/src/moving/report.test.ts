import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openReport } from './report.ts'

const line = {
  line: 1,
  key: 'k',
  result: 'created' as const,
  connection_id: null,
  first_refresh_at: null,
  error: null,
  notes: [],
}

test.skipIf(process.platform !== 'linux')(
  'a report that no longer fits on the disk is a failure of the import, said in words',
  async () => {
    const report = await openReport('/dev/full')
    const writing = async () => {
      for (let n = 0; n < 1000; n++) {
        await report.write(line)
        await turn()
      }
    }
    await expect(writing()).rejects.toThrow('/dev/full cannot be written (ENOSPC).')
    await expect(report.end()).rejects.toThrow('/dev/full cannot be written (ENOSPC).')
  },
)
