import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { writeReference } from '../../scripts/cli/reference.ts'

test('docs/cli.md is what the commands say (node scripts/cli/write-reference.ts)', async () => {
  const path = new URL('../../docs/cli.md', import.meta.url)
  expect(await readFile(path, 'utf8')).toBe(writeReference())
})
