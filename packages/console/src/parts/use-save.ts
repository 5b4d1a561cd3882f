import { GrantryError } from '@grantry/sdk/transport'
import type { UseFormReturnType } from '@mantine/form'
import { type UseMutationResult, useMutation } from '@tanstack/react-query'

/**
 * Sends a form. What the server finds wrong with a field is told at the field, by `fieldOf` where it is called otherwise
 * here; a fault that has no field here stays in `error`, for {@link Fault}.
 */
export function useSave<Values extends Record<string, unknown>, Answer>(
  form: UseFormReturnType<Values>,
  send: (values: Values) => Promise<Answer>,
  onDone: (answer: Answer) => void,
  fieldOf: (path: string) => string = (path) => path,
): UseMutationResult<Answer, Error, Values> {
  return useMutation({
    mutationFn: send,
    // An answer may hold a secret: it is kept no longer than the form.
    gcTime: 0,
    onSuccess: onDone,
    onError: (error) => form.setErrors(fieldErrors(error, Object.keys(form.getValues()), fieldOf)),
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
