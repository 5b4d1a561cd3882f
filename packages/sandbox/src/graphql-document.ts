/** A value in a document: a literal, or the name of a variable. */
export type GraphqlValue =
  | { variable: string }
  | { literal: unknown }
  | { list: GraphqlValue[] }
  | { object: Record<string, GraphqlValue> }

export type GraphqlField = {
  name: string
  as: string
  args: Record<string, GraphqlValue>
  /** Null: none were asked for, not even an empty set. */
  fields: GraphqlField[] | null
}

export type GraphqlDocument = {
  kind: 'query' | 'mutation'
  /** Name → type as it is written. */
  variables: Record<string, string>
  fields: GraphqlField[]
}

/** One operation of the GraphQL language (spec.graphql.org, September 2025), without fragments and directives; null for a syntax error. */
export const parseGraphql = (text: string): GraphqlDocument | null => {
  const tokens =
    text.match(/#[^\n]*|"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|[{}()[\]:!=$]|-?\d+(?:\.\d+)?|\w+|[^\s,]/g) ?? []
  const list = tokens.filter((token) => !token.startsWith('#'))
  try {
    return readOperation(list)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const take = (tokens: string[], wanted?: string): string => {
  const token = tokens.shift()
  if (token === undefined || (wanted !== undefined && token !== wanted)) throw new SyntaxError(String(token))
  return token
}

const takeName = (tokens: string[]): string => {
  const name = take(tokens)
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new SyntaxError(name)
  return name
}

const readOperation = (tokens: string[]): GraphqlDocument => {
  let kind: GraphqlDocument['kind'] = 'query'
  const variables: Record<string, string> = {}
  if (tokens[0] !== '{') {
    const word = takeName(tokens)
    if (word !== 'query' && word !== 'mutation') throw new SyntaxError(word)
    kind = word
    if (tokens[0] !== '{' && tokens[0] !== '(') takeName(tokens)
    if (tokens[0] === '(') Object.assign(variables, readVariables(tokens))
  }
  const fields = readFields(tokens)
  if (tokens.length > 0) throw new SyntaxError(tokens[0])
  return { kind, variables, fields }
}

const readVariables = (tokens: string[]): Record<string, string> => {
  const variables: Record<string, string> = {}
  take(tokens, '(')
  while (tokens[0] !== ')') {
    take(tokens, '$')
    const name = takeName(tokens)
    take(tokens, ':')
    variables[name] = readType(tokens)
  }
  take(tokens)
  return variables
}

const readType = (tokens: string[]): string => {
  const list = tokens[0] === '['
  if (list) take(tokens)
  let type = list ? `[${readType(tokens)}` : takeName(tokens)
  if (list) type += take(tokens, ']')
  return tokens[0] === '!' ? type + take(tokens) : type
}

const readFields = (tokens: string[]): GraphqlField[] => {
  take(tokens, '{')
  const fields: GraphqlField[] = []
  while (tokens[0] !== '}') {
    let name = takeName(tokens)
    const as = name
    if (tokens[0] === ':') {
      take(tokens)
      name = takeName(tokens)
    }
    const args = tokens[0] === '(' ? readPairs(tokens, '(', ')') : {}
    fields.push({ name, as, args, fields: tokens[0] === '{' ? readFields(tokens) : null })
  }
  take(tokens)
  if (fields.length === 0) throw new SyntaxError('an empty selection')
  return fields
}

const readPairs = (tokens: string[], open: string, close: string): Record<string, GraphqlValue> => {
  take(tokens, open)
  const pairs: Record<string, GraphqlValue> = {}
  while (tokens[0] !== close) {
    const name = takeName(tokens)
    take(tokens, ':')
    pairs[name] = readValue(tokens)
  }
  take(tokens)
  return pairs
}

const readValue = (tokens: string[]): GraphqlValue => {
  if (tokens[0] === '{') return { object: readPairs(tokens, '{', '}') }
  const token = take(tokens)
  if (token === '$') return { variable: takeName(tokens) }
  if (token === '[') {
    const list: GraphqlValue[] = []
    while (tokens[0] !== ']') list.push(readValue(tokens))
    take(tokens)
    return { list }
  }
  if (token.startsWith('"""')) return { literal: token.slice(3, -3).trim() }
  if (token.startsWith('"') || /^-?\d/.test(token)) return { literal: JSON.parse(token) }
  if (token === 'null') return { literal: null }
  if (token === 'true' || token === 'false') return { literal: token === 'true' }
  if (!/^\w+$/.test(token)) throw new SyntaxError(token)
  return { literal: token }
}
