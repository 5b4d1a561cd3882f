import { statSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { File, Violation } from './violation.ts'

/** Node strips types but guesses no names: a relative specifier is the file's real name, with its `.ts`. */
export function checkSpecifiers(root: string, file: File): Violation[] {
  const isFile = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false
  return file.imports.flatMap(({ specifier, line }) => {
    const target = file.resolve(specifier)?.replace(/\?.*$/, '')
    if (target === undefined || isFile(target)) return []
    const real = ['.ts', '.tsx', '/index.ts'].map((end) => target.replace(/\.js$/, '') + end).find(isFile)
    const mend = real
      ? `write '${posix.relative(posix.dirname(file.path), real).replace(/^(?!\.)/, './')}'`
      : 'there is no such file'
    return [{ path: file.path, line, rule: `'${specifier}' is not the name of a file`, mend }]
  })
}
