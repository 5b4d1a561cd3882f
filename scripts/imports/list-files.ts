import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const MADE = new Set(['node_modules', 'dist', 'coverage', 'data', '.git'])

/** Every file under `root` that a person wrote, as paths from there with slashes. */
export function listFiles(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : listFiles(root, path)
    return entry.isFile() ? [relative(root, path).split(sep).join('/')] : []
  })
}
