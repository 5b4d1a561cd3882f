import { readdirSync } from 'node:fs'
import { join, posix } from 'node:path'

const TOP = /^(packages|test|bench|docs|scripts)(\/|$)/

/**
 * Paths that a document names: in its codemap, which is an indented tree in a fenced block (each line begins with
 * one or more names that end in a slash, or a file's name), and in its code spans.
 */
export function codemapPaths(markdown: string): string[] {
  const paths: string[] = []
  for (const [, block = ''] of markdown.matchAll(/^(?: {4})?```[^\n]*\n([\s\S]*?)^(?: {4})?```/gm)) {
    const stack: { indent: number; path: string }[] = []
    for (const line of block.split('\n')) {
      const [, indent = '', names = ''] =
        /^( *)((?:[\w.-]+\/)+(?:\s+(?:[\w.-]+\/)+(?=\s|$))*|[\w-]+\.\w+(?=\s|$)|(?:[\w.-]+\/)+[\w-]+\.\w+(?=\s|$))/.exec(
          line,
        ) ?? []
      if (!names) continue
      while ((stack.at(-1)?.indent ?? -1) >= indent.length) stack.pop()
      const parent = stack.at(-1)?.path ?? ''
      for (const name of names.trim().split(/\s+/)) {
        const path = posix.join(parent, name).replace(/\/$/, '')
        paths.push(path)
        if (name.endsWith('/')) stack.push({ indent: indent.length, path })
      }
    }
  }
  for (const [, span = ''] of markdown.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`\s*{}]+)`/g)) {
    if (TOP.test(span)) paths.push(span.replace(/\/$/, ''))
  }
  return [...new Set(paths.filter((path) => TOP.test(path)))]
}

/** The folders that a codemap has to name: every package, every slice of the server. */
export function foldersToName(root: string): string[] {
  return ['packages', 'packages/server/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => `${folder}/${entry.name}`),
  )
}
