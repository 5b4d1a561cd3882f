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
import type { Provider } from './provider.ts'
import { quickbooks } from './quickbooks.ts'
import { salesforce } from './salesforce.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { stripe } from './stripe.ts'
import { xero } from './xero.ts'
import { zoom } from './zoom.ts'

export type Catalogue = ReadonlyMap<string, Provider>

const entries = [
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
  quickbooks,
  salesforce,
  shopify,
  slack,
  stripe,
  xero,
  zoom,
]

/** The shipped entries by name. */
export const catalogue: Catalogue = new Map(entries.map((entry) => [entry.name, entry]))
