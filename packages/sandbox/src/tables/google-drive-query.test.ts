import { expect, test } from 'vitest'
import { accounts } from '../accounts.ts'
import { seedFiles } from './google-drive-files.ts'
import { readQuery } from './google-drive-query.ts'

const ada = accounts[0]!
const now = Date.UTC(2031, 2, 4)
const find = (query: string) => {
  const test = readQuery(query, ada)
  return (
    test &&
    seedFiles(ada, now)
      .filter(test)
      .map(({ name }) => name)
  )
}

test.each<[string, string[] | null]>([
  ["name = 'cards.json'", ['cards.json']],
  ["name contains 'list'", ["Ada's list.txt", 'Old list.txt']],
  ["name contains 'ist'", []],
  ["name contains 'list' and not trashed = true", ["Ada's list.txt"]],
  ["name contains 'Ada\\'s' and trashed = false", ["Ada's list.txt"]],
  ["'root' in parents and mimeType = 'application/vnd.google-apps.folder'", ['Accounts']],
  ["not 'me' in owners", ['Shared with love.md']],
  ['sharedWithMe', ['Shared with love.md']],
  ["modifiedTime > '2031-03-03T00:00:00Z'", ['Notes on the engine', 'Budget 2026']],
  ["modifiedTime <= '2031-02-28T17:00:00+01:00'", ['Shared with love.md', 'Old list.txt']],
  ["fullText contains 'brass gears'", ['Budget 2026']],
  ["name contains 'Ada's'", null],
  ["name = 'a' or name = 'b'", null],
  ["name = 'a' and", null],
  ["trashed > 'x'", null],
  ['title', null],
])('%s', (query, names) => {
  expect(find(query)).toEqual(names)
})
