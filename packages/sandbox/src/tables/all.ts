import type { ProviderTable } from '../provider-table.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { gmail } from './gmail.ts'
import { googleCalendar } from './google-calendar.ts'
import { googleDrive } from './google-drive.ts'
import { hubspot } from './hubspot.ts'
import { jira } from './jira.ts'
import { linear } from './linear.ts'
import { notion } from './notion.ts'
import { pipedrive } from './pipedrive.ts'
import { plain } from './plain.ts'
import { salesforce } from './salesforce.ts'
import { slack } from './slack.ts'
import { xero } from './xero.ts'
import { zoom } from './zoom.ts'

/** Everything the sandbox can play. */
export const allTables: readonly ProviderTable[] = [
  github,
  gitlab,
  gmail,
  googleCalendar,
  googleDrive,
  hubspot,
  jira,
  linear,
  notion,
  pipedrive,
  plain,
  salesforce,
  slack,
  xero,
  zoom,
]
