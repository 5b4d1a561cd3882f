import type { ProviderTable } from '../provider-table.ts'
import { gmail } from './gmail.ts'
import { googleCalendar } from './google-calendar.ts'
import { googleDrive } from './google-drive.ts'
import { pipedrive } from './pipedrive.ts'
import { plain } from './plain.ts'

/** Everything the sandbox can play. */
export const allTables: readonly ProviderTable[] = [gmail, googleCalendar, googleDrive, pipedrive, plain]
