import { GrantryError } from '@grantry/sdk/transport'
import type { UseFormReturnType } from '@mantine/form'
import { type UseMutationResult, useMutation } from '@tanstack/react-query'

/**
 * Sends a form. What the server finds wrong with a field is told at the field, by `fieldOf` where it is called otherwise
 * here; all of it is in `error`, for `Fault`. The answer goes to `onDone` and nowhere else: it may hold a secret, which no
 * cache is to keep.
 */
export function useSave<Values extends Record<string, unknown>, Answer>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<Answer>,
  onDone: (answer: Answer) => unknown,
  fieldOf: (path: string) => string = (path) => path,
): UseMutationResult<void, Error, Values> {
  return useMutation({
    mutationFn: async (values) => {
      await onDone(await send(values))
    },
    onError: (error) => form.setErrors(fieldErrors(error, Object.keys(form.getValues()), fieldOf)),
    gcTime: 0,
  })
}

/** Several faults of one field are one text. */
export function fieldErrors(
  error: unknown,
  fields: string[],
  fieldOf: (path: string) => string,
): Record<string, string> {
  const found: Record<string, string> = {}
  if (!(error instanceof GrantryError)) return found
  for (const { path, message } of error.errors) {
    const field = fieldOf(path)
    if (fields.includes(field.split('.')[0]!))
      found[field] = found[field] ? `${found[field]}; ${message}` : message
  }
  return found
}
