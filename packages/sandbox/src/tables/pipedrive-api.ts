import type { ApiRoute } from '../provider-table.ts'
import { v1Routes } from './pipedrive-v1.ts'
import { v2Routes } from './pipedrive-v2.ts'

/** api.pipedrive.com. */
export const pipedriveRoutes: ApiRoute[] = [...v1Routes, ...v2Routes]
