/** Address of a page as the router has it → name of its pictures in docs/pictures, without the ending. */
export const pictureOf = (pattern: string): string =>
  pattern === '/' ? 'overview' : pattern.slice(1).replaceAll('/', '-').replaceAll('$', '')
