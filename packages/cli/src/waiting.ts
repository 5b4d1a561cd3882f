import { Interrupted } from './failure.ts'
import type { World } from './world.ts'

/** Says how far the work is: "1,200 of 100,000". */
export type Say = (text: string) => void

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'
const clearLine = '\r\u001b[2K'

/**
 * Runs `work` with a spinner on stderr, and gives the terminal back as it was however it ends. Where stderr is no terminal
 * `text` is said once, and what the work says later is not; `quiet` (as with --json) says nothing.
 * @throws what the work throws; Interrupted as soon as the signal is aborted, whether the work heard it or not
 */
export async function waiting<T>(
  { stderr, signal }: Pick<World, 'stderr' | 'signal'>,
  { text, quiet }: { text: string; quiet: boolean },
  work: (say: Say) => Promise<T>,
): Promise<T> {
  let end = () => {}
  let say: Say = () => {}
  if (stderr.isTTY && !quiet) {
    let now = text
    let frame = 0
    const draw = () => stderr.write(`${clearLine}${frames[frame++ % frames.length]} ${now}`)
    stderr.write(hideCursor)
    draw()
    const timer = setInterval(draw, 80)
    say = (next) => {
      now = `${text} ${next}`
    }
    end = () => {
      clearInterval(timer)
      stderr.write(`${clearLine}${showCursor}`)
    }
  } else if (!quiet) stderr.write(`${text}\n`)
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(new Interrupted())
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([stopped.promise, work(say)])
  } finally {
    signal.removeEventListener('abort', stop)
    end()
  }
}
