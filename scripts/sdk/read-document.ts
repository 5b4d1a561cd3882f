import { startTestGrantry } from '../../test/support/grantry.ts'
import type { Document } from './document.ts'

/** /openapi.json of the server in this tree, started for this one answer. */
export async function readDocument(): Promise<Document> {
  const grantry = await startTestGrantry({ sandbox: false })
  try {
    const { body } = await grantry.call('GET', '/openapi.json', undefined, { key: null })
    return body
  } finally {
    await grantry.close()
  }
}
