export type Turns = {
  <Result>(work: () => Promise<Result>): Promise<Result>
  /** How many have not begun. */
  readonly waiting: number
}

/** Lets `width` run at once, the others in their order. */
export function createTurns(width: number): Turns {
  const waiting: (() => void)[] = []
  let running = 0
  const turn = async <Result>(work: () => Promise<Result>) => {
    // Whoever ends hands its place on, so that `running` stays as it is.
    if (running >= width) await new Promise<void>((go) => waiting.push(go))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  return Object.defineProperty(turn, 'waiting', { get: () => waiting.length }) as Turns
}
