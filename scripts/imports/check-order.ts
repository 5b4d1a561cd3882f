import { isTest, SERVER_ORDER, TYPES_FOR_ALL } from './layout.ts'
import type { File, Violation } from './violation.ts'

const SERVER = 'packages/server/src/'

/** In the server nothing imports upward. Tests may: they drive a slice from above. */
export function checkOrder(file: File): Violation[] {
  if (!file.path.startsWith(SERVER)) return []
  const own = sliceOf(file.path)
  const row = rowOf(own)
  if (row < 0) {
    return [
      {
        path: file.path,
        line: 1,
        rule: `'${own}' has no place in the order of the server's slices`,
        mend: 'move the file into the slice it belongs to, or give the new slice its place in scripts/imports/layout.ts and ARCHITECTURE.md',
      },
    ]
  }
  if (isTest(file.path)) return []
  return file.imports.flatMap(({ specifier, line, typeOnly }) => {
    const target = file.resolve(specifier)
    if (!target?.startsWith(SERVER)) return []
    const other = sliceOf(target)
    const otherRow = rowOf(other)
    if (other === own || otherRow < 0 || otherRow >= row || (other === TYPES_FOR_ALL && typeOnly)) return []
    const mend =
      other === TYPES_FOR_ALL
        ? 'import only types from context, by `import type`, and take the values as an argument'
        : `move what both need below '${own}', or let '${other}' pass it in as an argument`
    return [{ path: file.path, line, rule: `'${own}' imports '${other}', which is above it`, mend }]
  })
}

function sliceOf(path: string): string {
  return (path.slice(SERVER.length).split('/')[0] ?? '').replace(/(\.(test|fixture))?\.ts$/, '')
}

function rowOf(slice: string): number {
  return SERVER_ORDER.findIndex((row) => row.includes(slice))
}
