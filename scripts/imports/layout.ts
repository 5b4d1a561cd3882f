/**
 * The layout of the code as data: who may import whom. ARCHITECTURE.md tells it in words.
 */

/** The server's slices and top files, top to bottom. An import goes down or stays within its row. */
export const SERVER_ORDER: readonly (readonly string[])[] = [
  ['main'],
  ['cluster'],
  ['worker'],
  ['running'],
  ['maintain'],
  ['greet'],
  ['start'],
  ['play-providers'],
  ['sandbox-overrides'],
  ['app'],
  ['context'],
  ['keyring'],
  ['sealed-columns'],
  ['backup'],
  ['console'],
  ['compat'],
  ['mcp'],
  ['proxy'],
  ['diagnosis'],
  ['overview'],
  ['end-user-page'],
  ['connect'],
  ['connections'],
  ['integrations'],
  ['authorization-server'],
  ['members'],
  ['webhooks'],
  ['workspaces'],
  ['audit'],
  ['vault'],
  ['egress'],
  ['db'],
  ['metrics'],
  ['http', 'languages', 'tracing', 'errors', 'log', 'turns', 'config'],
]

/** The one file whose types every slice may import although it sits above them. */
export const TYPES_FOR_ALL = 'context'

/** Package → the packages of ours that it may import. A package that is not here has no place yet. */
export const PACKAGE_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  oauth: [],
  api: [],
  providers: ['oauth'],
  sandbox: ['oauth', 'providers', 'api'],
  server: ['api', 'oauth', 'providers', 'sandbox'],
  sdk: [],
  connect: [],
  console: ['sdk', 'api'],
  cli: ['sdk', 'api', 'oauth', 'providers', 'sandbox', 'server'],
}

/** Files under packages/ that may read process.env. */
export const ENVIRONMENT_READERS: readonly string[] = [
  'packages/server/src/config.ts',
  'packages/sdk/src/environment.ts',
  'packages/cli/src/environment.ts',
  'packages/cli/bin/grantry.mjs',
]

/** Where sockets and HTTP clients may be opened in the server. */
export const EGRESS = 'packages/server/src/egress/'

/** Names that say nothing about what is inside. */
export const EMPTY_NAMES: readonly string[] = [
  'util',
  'utils',
  'helper',
  'helpers',
  'shared',
  'services',
  'managers',
  'common',
]

/** Tests, and what only tests import. */
export function isTest(path: string): boolean {
  return /\.(test|fixture)\.tsx?$/.test(path) || path.startsWith('test/')
}
