import { EGRESS, ENVIRONMENT_READERS, isTest } from './layout.ts'
import { type Import, lineAt } from './read-source.ts'
import type { File, Violation } from './violation.ts'

const NETWORK = /^(node:)?(https?|http2|net|tls|dgram|dns(\/promises)?)$/
const CLIENTS = new Set([
  '*',
  'default',
  'Agent',
  'connect',
  'createConnection',
  'createSocket',
  'get',
  'lookup',
  'request',
  'Resolver',
  'resolve',
  'Socket',
  'TLSSocket',
])

/** What reaches out of the process has one door each: the environment by config, the network by egress. */
export function checkReach(file: File): Violation[] {
  if (!file.path.startsWith('packages/') || isTest(file.path)) return []
  const found: Violation[] = []
  const add = (line: number, rule: string, mend: string) => found.push({ path: file.path, line, rule, mend })

  if (!ENVIRONMENT_READERS.includes(file.path)) {
    const mend = 'add the setting to config.ts and take it from the context'
    for (const match of file.code.matchAll(
      /\bprocess\s*(\?\.|\.)?\s*(env\b|\[)|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g,
    )) {
      add(lineAt(file.code, match.index), 'the environment is read outside of config', mend)
    }
    for (const { specifier, names, line } of file.imports) {
      if (/^(node:)?process$/.test(specifier) && names.some((name) => name === 'env')) {
        add(line, 'the environment is read outside of config', mend)
      }
    }
  }

  if (file.path.startsWith('packages/server/src/') && !file.path.startsWith(EGRESS)) {
    const mend = 'use the egress of the context, which judges every address'
    for (const item of file.imports) {
      if (opensConnections(item))
        add(item.line, `'${item.specifier}' opens connections past the egress guard`, mend)
    }
    // A bare `fetch` is Biome's to find (noRestrictedGlobals): it knows a parameter from the global.
    for (const match of file.code.matchAll(/\b(globalThis|global|window|self)\s*(\?\.|\.)\s*fetch\b/g)) {
      if (/\btypeof\s*$/.test(file.code.slice(0, match.index))) continue
      add(lineAt(file.code, match.index), 'the global fetch goes past the egress guard', mend)
    }
  }
  return found
}

function opensConnections({ specifier, typeOnly, names }: Import): boolean {
  if (typeOnly) return false
  return specifier === 'undici' || (NETWORK.test(specifier) && names.some((name) => CLIENTS.has(name)))
}
