import type { Account } from '../accounts.ts'
import type { DriveFile } from './google-drive-files.ts'

type Test = (file: DriveFile) => boolean

/** Drive's query language, as far as `and` between the commonest terms; null for what it cannot read. */
export const readQuery = (query: string, account: Account): Test | null => {
  if (query.trim() === '') return () => true
  const tests: Test[] = []
  const term =
    /\s*(?:(not)\s+)?(?:(\w+)\s*(contains|>=|<=|!=|=|>|<)\s*(?:'((?:[^'\\]|\\.)*)'|(true|false))|'((?:[^'\\]|\\.)*)'\s+in\s+(parents|owners)|(sharedWithMe))\s*(and\s+|$)/y
  let rest = false
  while (term.lastIndex < query.length) {
    const found = term.exec(query)
    if (!found) return null
    const [, not, field, operator, text, truth, member, list, alone, joined] = found
    const value = (text ?? member ?? '').replaceAll(/\\(.)/g, '$1')
    const test =
      list !== undefined
        ? memberOf(list, value, account)
        : alone !== undefined
          ? testOf('sharedWithMe', '=', '', true, account)
          : testOf(field!, operator!, value, truth === undefined ? null : truth === 'true', account)
    if (!test) return null
    tests.push(not ? (file) => !test(file) : test)
    rest = joined !== ''
    if (!rest) break
  }
  return rest ? null : (file) => tests.every((test) => test(file))
}

const memberOf = (list: string, value: string, account: Account): Test => {
  if (list === 'owners') return ({ owner }) => owner === (value === 'me' ? account.email : value)
  const id = value === 'root' ? `0AsandboxRoot${account.number}` : value
  return ({ parents }) => parents.includes(id)
}

const testOf = (
  field: string,
  operator: string,
  value: string,
  truth: boolean | null,
  account: Account,
): Test | null => {
  if (truth !== null) {
    if (operator !== '=' && operator !== '!=') return null
    const wanted = (operator === '=') === truth
    if (field === 'trashed') return (file) => file.trashed === wanted
    if (field === 'sharedWithMe') return (file) => (file.owner !== account.email) === wanted
    return field === 'starred' ? () => !wanted : null
  }
  const low = value.toLowerCase()
  if (field === 'name' && operator === 'contains')
    // Drive matches the beginnings of words only.
    return (file) => ` ${file.name.toLowerCase()}`.includes(` ${low}`)
  if (field === 'name' && operator === '=') return (file) => file.name === value
  if (field === 'fullText' && operator === 'contains')
    return (file) => {
      const all =
        `${file.name} ${file.description ?? ''} ${file.content ?? ''} ${Object.values(file.exports).filter((one) => typeof one === 'string')}`.toLowerCase()
      return low
        .replaceAll('"', ' ')
        .split(/\s+/)
        .every((word) => all.includes(word))
    }
  if (field === 'mimeType' && operator === '=') return (file) => file.mimeType === value
  if (field === 'mimeType' && operator === '!=') return (file) => file.mimeType !== value
  if (field === 'mimeType' && operator === 'contains') return (file) => file.mimeType.startsWith(value)
  const at = Date.parse(value)
  if ((field === 'modifiedTime' || field === 'createdTime') && !Number.isNaN(at))
    return (file) => {
      const changed = Date.parse(file.modifiedTime)
      if (operator === '>') return changed > at
      if (operator === '>=') return changed >= at
      if (operator === '<') return changed < at
      return operator === '<=' && changed <= at
    }
  return null
}
