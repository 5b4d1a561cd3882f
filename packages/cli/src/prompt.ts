import type * as Clack from '@clack/prompts'
import { Interrupted, UsageError } from './failure.ts'
import type { World } from './world.ts'

/** `flag` is what a script gives instead: it is named where nobody can be asked. */
type Question = { message: string; flag: string }

/**
 * Asks the person, on stderr. Where stdin or stderr is no terminal, or with `--json`, nothing is asked: a usage error names
 * the flag that says it. Ctrl-C ends the command.
 * @throws UsageError, Interrupted
 */
export type Prompt = {
  /** Whether somebody can be asked. */
  able: boolean
  text(
    question: Question & { initial?: string; check?: (value: string) => string | undefined },
  ): Promise<string>
  /** Not echoed. */
  secret(question: Question & { check?: (value: string) => string | undefined }): Promise<string>
  choose<T extends string>(
    question: Question & { options: { value: T; label: string; hint?: string }[]; initial?: T },
  ): Promise<T>
  confirm(question: Question & { initial?: boolean }): Promise<boolean>
  /**
   * For what destroys: the person types `word` to go on. `yes` is the command's own `--yes`; then nothing is asked.
   * @throws UsageError where something else is typed
   */
  typed(question: { message: string; word: string; yes: boolean }): Promise<void>
}

export function createPrompt({ stdin, stderr, signal }: World, json: boolean): Prompt {
  const able = stdin.isTTY === true && stderr.isTTY === true && !json
  const place = { input: stdin, output: stderr, signal, withGuide: false }

  async function ask<T>(
    { message, flag }: Question,
    question: (clack: typeof Clack) => Promise<T | typeof Clack.CANCEL_SYMBOL>,
  ): Promise<T> {
    if (!able) throw new UsageError(`"${message}" cannot be asked here: give ${flag}.`)
    if (signal.aborted) throw new Interrupted()
    const clack = await import('@clack/prompts')
    const answer = await question(clack)
    if (clack.isCancel(answer)) throw new Interrupted()
    return answer as T
  }

  const prompt: Prompt = {
    able,
    text: (question) =>
      ask(question, ({ text }) =>
        text({
          ...place,
          message: question.message,
          ...(question.initial === undefined
            ? {}
            : { defaultValue: question.initial, placeholder: question.initial }),
          validate: (value) => {
            const given = value || question.initial || ''
            return given === '' ? 'Please answer this.' : question.check?.(given)
          },
        }),
      ),
    secret: (question) =>
      ask(question, ({ password }) =>
        password({
          ...place,
          message: question.message,
          validate: (value) => (value ? question.check?.(value) : 'Please answer this.'),
        }),
      ),
    choose: (question) =>
      ask(question, ({ select }) =>
        select({
          ...place,
          message: question.message,
          options: question.options as never,
          ...(question.initial === undefined ? {} : { initialValue: question.initial }),
        }),
      ),
    confirm: (question) =>
      ask(question, ({ confirm }) =>
        confirm({ ...place, message: question.message, initialValue: question.initial ?? false }),
      ),
    async typed({ message, word, yes }) {
      if (yes) return
      const typed = await prompt.text({ message: `${message} Type "${word}" to go on`, flag: '--yes' })
      if (typed !== word) throw new UsageError(`That was not "${word}": nothing was changed.`)
    },
  }
  return prompt
}
