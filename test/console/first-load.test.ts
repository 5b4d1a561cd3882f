import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

// What is built, as its manifest tells it. Nothing of this needs a browser.
const dist = new URL('../../packages/console/dist/', import.meta.url)
type Chunk = { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[] }
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))

/** Scripts that come with a chunk, those that it imports at once among them. */
function loadedWith(name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk) throw new Error(`${name} is not in the manifest: ${Object.keys(manifest).join(' ')}`)
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const other of chunk.imports ?? []) loadedWith(other, found)
  return found
}
const textOf = (file: string) => readFileSync(new URL(file, dist))
const kilobytes = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(textOf(file), { level: 9 }).length, 0) / 1000

const overview = loadedWith('src/features/overview/overview.tsx', loadedWith('index.html'))

test('the first load of the overview is at most 250 kB of script, gzipped', () => {
  const size = kilobytes(overview)
  expect(size, `${size.toFixed(0)} kB`).toBeLessThanOrEqual(250)
  // Whatever this measures, it is not nothing.
  expect(size).toBeGreaterThan(100)
})

test('it is React as it is for production', () => {
  for (const { file } of Object.values(manifest)) expect(file).not.toContain('jsx-dev-runtime')
})

test('charts come after it', () => {
  const charts = Object.values(manifest)
    .map(({ file }) => file)
    .filter((file) => file.endsWith('.js') && textOf(file).includes('recharts'))
  expect(charts.length).toBeGreaterThan(0)
  expect(charts.filter((file) => overview.has(file))).toEqual([])
})
