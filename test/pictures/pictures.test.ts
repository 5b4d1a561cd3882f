import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pages } from '../console/addresses.fixture.ts'
import { pictureOf } from './names.ts'
import { chunk, shrinkPng } from './shrink-png.ts'

const docs = new URL('../../docs/', import.meta.url)
const guide = readFileSync(new URL('console.md', docs), 'utf8')
const shown = [...guide.matchAll(/\]\((pictures\/[\w.-]+)\)/g)].map(([, path]) => path!)

test('docs/console.md shows every page of the console, at a desk and on a phone', () => {
  for (const pattern of Object.keys(pages)) {
    expect(guide).toContain(`\`${pattern}\``)
    const name = pictureOf(pattern)
    expect(shown).toEqual(expect.arrayContaining([`pictures/${name}.png`, `pictures/${name}.phone.png`]))
  }
})

test('its pictures are there, no others are, and together they are small', () => {
  expect(shown.filter((path) => !existsSync(new URL(path, docs)))).toEqual([])
  const made = readdirSync(new URL('pictures/', docs)).map((name) => `pictures/${name}`)
  expect([...new Set(shown)].sort()).toEqual(made.sort())
  const bytes = made.reduce((sum, path) => sum + statSync(new URL(path, docs)).size, 0)
  expect(bytes).toBeLessThan(3_000_000)
})

test('a picture keeps its colours where they are few, and at most 256 of many', () => {
  const width = 40
  const height = 20
  const pixel = (x: number, y: number) => (y < 10 ? [200, 30, 30] : [x * 6, y * 12, (x * y) % 256])
  const lines = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat(),
  ])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const png = Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  const small = shrinkPng(png)
  const palette = small.indexOf('PLTE')
  expect(small.readUInt32BE(palette - 4)).toBeLessThanOrEqual(256 * 3)
  // The colour that is there most comes first.
  expect([...small.subarray(palette + 4, palette + 7)]).toEqual([200, 30, 30])
})
