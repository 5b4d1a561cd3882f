/** One `import … from`, `export … from`, `import '…'` or `import('…')`. */
export type Import = {
  specifier: string
  line: number
  /** Leaves nothing behind when types are stripped. */
  typeOnly: boolean
  /** Names as the other module exports them; `*` for the whole module, `default` for its default. */
  names: string[]
}

export type Source = {
  /** The text with comments and the insides of strings blanked: same length, same lines. */
  code: string
  imports: Import[]
}

/**
 * Finds the imports of a TypeScript or JavaScript file. TypeScript 7 has no API to ask, and a regular
 * expression alone would also find what stands in comments, templates and test fixtures.
 */
export function readSource(text: string): Source {
  const code = blank(text)
  const imports: Import[] = []
  const statement = /(?<![.\w$])(import|export)\b(?!\s*[(.:=])([^'"`;()=]*?)(['"])([^'"\n]*)\3/g
  for (const match of code.matchAll(statement)) {
    const [whole, keyword, clause = ''] = match
    if (keyword === 'export' ? !/\bfrom\s*$/.test(clause) : !/^\s*$|\bfrom\s*$/.test(clause)) continue
    const end = match.index + whole.length - 1
    imports.push({
      specifier: text.slice(text.lastIndexOf(match[3] ?? "'", end - 1) + 1, end),
      line: lineAt(code, match.index),
      ...readClause(clause),
    })
  }
  for (const match of code.matchAll(/(?<![.\w$])import\s*\(\s*(['"])([^'"\n]*)\1/g)) {
    const end = match.index + match[0].length - 1
    imports.push({
      specifier: text.slice(end - (match[2] ?? '').length, end),
      line: lineAt(code, match.index),
      // `typeof import('…')` and `import('…').Type` are types, but nothing here needs them: `import type` says it.
      typeOnly: false,
      names: ['*'],
    })
  }
  return { code, imports: imports.sort((a, b) => a.line - b.line) }
}

/** 1-based. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

function readClause(clause: string): Pick<Import, 'typeOnly' | 'names'> {
  const body = clause.replace(/\bfrom\s*$/, '').trim()
  if (!body) return { typeOnly: false, names: [] }
  const wholeType = /^type\b(?!\s*(,|$))/.test(body)
  const names: string[] = []
  let values = 0
  const braces = /\{([^}]*)\}/.exec(body)
  for (const item of (braces?.[1] ?? '').split(',')) {
    const parts = item.trim().split(/\s+/)
    if (!parts[0]) continue
    const isType = parts[0] === 'type' && parts.length > 1 && parts[1] !== 'as'
    names.push((isType ? parts[1] : parts[0]) ?? '')
    if (!isType) values++
  }
  for (const item of body
    .replace(/\{[^}]*\}/, '')
    .replace(/^type\b/, '')
    .split(',')) {
    if (!item.trim()) continue
    names.push(item.trim().startsWith('*') ? '*' : 'default')
    values++
  }
  return { typeOnly: wholeType || (names.length > 0 && values === 0), names }
}

/** Blanks comments, the insides of strings and templates (but not the code in `${…}`), and regular expressions. */
function blank(text: string): string {
  const out = text.split('')
  /** For each open template, how many braces of the code in its `${…}` are open. */
  const templates: number[] = []
  let at = 0
  const wipe = (from: number, to: number) => {
    for (let i = from; i < to && i < out.length; i++) if (out[i] !== '\n') out[i] = ' '
  }
  const skipTemplate = () => {
    const from = at
    while (at < text.length && text[at] !== '`' && !text.startsWith('${', at)) at += text[at] === '\\' ? 2 : 1
    wipe(from, at)
    if (text[at] === '`') at++
    else {
      at += 2
      templates.push(0)
    }
  }
  while (at < text.length) {
    const char = text[at]
    const from = at
    if (text.startsWith('//', at) || (at === 0 && text.startsWith('#!'))) {
      at = endOf(text, '\n', at)
      wipe(from, at)
    } else if (text.startsWith('/*', at)) {
      at = endOf(text, '*/', at + 2) + 2
      wipe(from, at)
    } else if (char === "'" || char === '"') {
      at++
      while (at < text.length && text[at] !== char && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1
      for (let i = from + 1; i < at; i++) out[i] = '_'
      at++
    } else if (char === '`') {
      at++
      skipTemplate()
    } else if (char === '/' && startsRegExp(out, at)) {
      at = endOfRegExp(text, at)
      wipe(from + 1, at - 1)
    } else {
      const depth = templates.at(-1)
      if (depth !== undefined && char === '{') templates[templates.length - 1] = depth + 1
      if (depth !== undefined && char === '}') {
        if (depth === 0) {
          templates.pop()
          at++
          skipTemplate()
          continue
        }
        templates[templates.length - 1] = depth - 1
      }
      at++
    }
  }
  return out.join('')
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found < 0 ? text.length : found
}

/** A slash divides after a value and opens a regular expression elsewhere. */
function startsRegExp(out: string[], at: number): boolean {
  let i = at - 1
  while (i >= 0 && /\s/.test(out[i] ?? '')) i--
  const before = out[i]
  if (before === undefined || '(,=:[!&|?{};+-*%~^<>'.includes(before)) return true
  if (!/\w/.test(before)) return false
  const word = /[\w$]+$/.exec(out.slice(Math.max(0, i - 12), i + 1).join(''))?.[0] ?? ''
  return ['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'void', 'else', 'throw'].includes(word)
}

function endOfRegExp(text: string, at: number): number {
  let inClass = false
  for (let i = at + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '[') inClass = true
    else if (text[i] === ']') inClass = false
    else if (text[i] === '/' && !inClass) return i + 1
  }
  return at + 1
}
