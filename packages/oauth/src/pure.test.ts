import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const sources = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
)

test.each(sources)('%s needs no Node and does no I/O of its own', (name) => {
  const code = readFileSync(`${import.meta.dirname}/${name}`, 'utf8').replaceAll(
    /\/\*[\s\S]*?\*\/|\/\/.*/g,
    '',
  )
  const imports = [...code.matchAll(/from '([^']+)'/g)].map((match) => match[1]!)
  expect(imports.filter((from) => !from.startsWith('./') && from !== 'oauth4webapi')).toEqual([])
  expect(code).not.toMatch(
    /\b(Buffer|process\.|globalThis|setTimeout|Math\.random|Date\.now|new Date\b|console)\b/,
  )
  if (name !== 'send.ts') expect(code).not.toMatch(/\bfetch\(/)
})
