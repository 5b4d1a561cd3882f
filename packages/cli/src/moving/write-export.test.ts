import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, expect, test } from 'vitest'
import { writeFileOnce } from './write-export.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grantry-export-'))
})

const threeThousand = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new Uint8Array(3000))
      controller.close()
    },
  })

test('a draft that somebody left lends the file neither its mode nor its end', async () => {
  const path = join(folder, 'out.age')
  await writeFile(`${path}.part`, 'x'.repeat(4000), { mode: 0o644 })
  await writeFileOnce(path, threeThousand(), () => {})
  expect((await readFile(path)).length).toBe(3000)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test.skipIf(process.platform === 'win32')(
  'where no more than a part can be written, there is no file of the good name',
  async () => {
    const program = `
      import { writeFileOnce } from ${JSON.stringify(new URL('write-export.ts', import.meta.url).href)}
      const bytes = new ReadableStream({ start(c) { c.enqueue(new Uint8Array(3000)); c.close() } })
      await writeFileOnce(process.env.OUT, bytes, () => {}).catch(({ code }) => console.log('failed', code))`
    // A file may have one block: what the system then says of a write is that a part was written, as on a full disk.
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', `trap '' XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"`, process.execPath, program],
      { env: { ...process.env, OUT: join(folder, 'out.age') } },
    )
    expect(stdout).toBe('failed EFBIG\n')
    expect(await readdir(folder)).toEqual([])
  },
)
