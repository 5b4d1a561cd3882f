/** What every command may end with. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  needsReauth: 4,
  /** As shells tell of a process that Ctrl-C ended (128 + SIGINT). */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * A command cannot do what it was asked. The message says what happened, `next` the one thing to do about it:
 * a command line or a sentence.
 * @example throw new Failure('There is no profile "prod".', { next: 'grantry profile list', exitCode: exitCodes.notFound })
 */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  readonly exitCode: ExitCode
  readonly next: string | null

  constructor(
    message: string,
    {
      exitCode = exitCodes.failed,
      next,
      cause,
    }: { exitCode?: ExitCode; next?: string; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.exitCode = exitCode
    this.next = next ?? null
  }
}

/** It was called wrongly: nothing was done. */
export class UsageError extends Failure {
  override readonly name = 'UsageError'

  constructor(message: string, next?: string) {
    super(message, { exitCode: exitCodes.usage, ...(next === undefined ? {} : { next }) })
  }
}

/** The person said stop. */
export class Interrupted extends Failure {
  override readonly name = 'Interrupted'

  constructor() {
    super('Stopped.', { exitCode: exitCodes.interrupted })
  }
}
