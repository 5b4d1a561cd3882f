import { wordsOf } from './fault.tsx'

/**
 * What a refusal says of single fields, for `form.setErrors`: messages go on where the field's name ends ("must be given
 * again when …"), so that it is put before them.
 * @param labels field (or what comes before a dot in it) → as the form calls it; others are left to {@link otherErrors}
 */
export function fieldErrors(error: unknown, labels: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { path, message } of wordsOf(error).errors) {
    const label = labels[path] ?? labels[path.split('.')[0] ?? '']
    if (label && !found[path]) found[path] = /^[a-z]/.test(message) ? `${label} ${message}` : message
  }
  return found
}

/** What it says of anything that is no field of the form. */
export function otherErrors(error: unknown, labels: Record<string, string>) {
  return wordsOf(error).errors.filter(({ path }) => !labels[path] && !labels[path.split('.')[0] ?? ''])
}
