import pg from 'pg'

const INT8 = 20
const NUMERIC = 1700

/** Whole numbers come as numbers, as they do from SQLite; `sum()` and `count()` too. */
export const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8 || oid === NUMERIC) return parseNumber
    return pg.types.getTypeParser(oid, format)
  },
}

function parseNumber(text: string): number {
  const number = Number(text)
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) throw new RangeError(`${text} is too large for a number`)
  return number
}
