import type { Connection, Grantry } from '@grantry/sdk'
import { exitCodes, Failure } from './failure.ts'

/** The failure of a connection that its person has to make again, with the link for it where the credential may make one. */
export async function needsReauth(
  grantry: Pick<Grantry, 'connectSessions'>,
  { id, advice }: Pick<Connection, 'id' | 'advice'>,
): Promise<Failure> {
  const link = await grantry.connectSessions
    .create({ connection_id: id })
    .then((session) => session.connect_url)
    .catch(() => null)
  return new Failure(`${id} needs to be authorised again.${advice ? ` ${advice.what}` : ''}`, {
    exitCode: exitCodes.needsReauth,
    next: link ? `have its person open ${link}` : 'have its person connect the account again',
  })
}
