import type { ProviderTable } from '../provider-table.ts'
import { discord } from './discord.ts'
import { dropbox } from './dropbox.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { gmail } from './gmail.ts'
import { googleCalendar } from './google-calendar.ts'
import { googleDrive } from './google-drive.ts'
import { hubspot } from './hubspot.ts'
import { jira } from './jira.ts'
import { linear } from './linear.ts'
import { notion } from './notion.ts'
import { outlook } from './outlook.ts'
import { pipedrive } from './pipedrive.ts'
import { plain } from './plain.ts'
import { plainExchange } from './plain-exchange.ts'
import { quickbooks } from './quickbooks.ts'
import { salesforce } from './salesforce.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { stripe } from './stripe.ts'
import { xero } from './xero.ts'
import { zoom } from './zoom.ts'

/** Everything the sandbox can play. */
export const allTables: readonly ProviderTable[] = [
  discord,
  dropbox,
  github,
  gitlab,
  gmail,
  googleCalendar,
  googleDrive,
  hubspot,
  jira,
  linear,
  notion,
  outlook,
  pipedrive,
  plain,
  plainExchange,
  quickbooks,
  salesforce,
  shopify,
  slack,
  stripe,
  xero,
  zoom,
]
