import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server'
import type { ReconnectLink } from '../connect/reconnect-link.ts'
import { elicitsUrl } from './past-sessions.ts'
import type { Sdk } from './serve.ts'

const key = 'connect'

/** Who asked, as far as it says how they can be asked in turn. */
export type Asking = { era: 'modern' | 'legacy'; sessionId: string | undefined; context: ServerContext }

/**
 * Asks the person behind the client to connect the account, at a page of ours (URL mode elicitation, revisions 2026-07-28
 * and 2025-11-25). That somebody accepted says nothing of what they did there: the next call looks at what is stored.
 * @throws UrlElicitationRequiredError -32042, as clients of 2025-11-25 are asked
 */
export function askToConnect(
  sdk: Sdk,
  { era, sessionId, context }: Asking,
  { url, id }: ReconnectLink,
  service: string,
): CallToolResult | InputRequiredResult {
  const message = `Connect the ${service} account to go on.`
  if (era === 'legacy') {
    if (elicitsUrl(sessionId))
      throw new sdk.UrlElicitationRequiredError(
        [{ mode: 'url', message, url, elicitationId: id }],
        `${message} Open ${url}`,
      )
    return inText(service, url)
  }
  const capabilities = (
    context.mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined
  )?.[sdk.CLIENT_CAPABILITIES_META_KEY]
  if (!capabilities?.elicitation?.url) return inText(service, url)
  const answer = sdk.inputResponse(context.mcpReq.inputResponses, key)
  if (answer.kind === 'elicit' && answer.action !== 'accept') return inText(service, url)
  const again = answer.kind === 'elicit'
  return sdk.inputRequired({
    inputRequests: {
      [key]: sdk.inputRequired.elicitUrl({
        message: again
          ? `The ${service} account is not connected yet. Finish at the page, then go on.`
          : message,
        url,
      }),
    },
  })
}

const inText = (service: string, url: string): CallToolResult => ({
  content: [
    {
      type: 'text',
      text: `The ${service} account is not connected, or its access has ended. Ask the user to open this link and connect it, then call the tool again: ${url}`,
    },
  ],
  isError: true,
})
