/** What the SDK takes from the environment where a program does not say it. */
export type Environment = { url: string | undefined; apiKey: string | undefined; endUser: string | undefined }

/** Read at each use, so that a program may set it after the import. */
export function readEnvironment(): Environment {
  const { GRANTRY_URL, GRANTRY_API_KEY, GRANTRY_END_USER } = process.env
  return {
    url: GRANTRY_URL || undefined,
    apiKey: GRANTRY_API_KEY || undefined,
    endUser: GRANTRY_END_USER || undefined,
  }
}
