import { gmail } from './gmail.ts'
import { pipedrive } from './pipedrive.ts'
import type { Provider } from './provider.ts'

export type Catalogue = ReadonlyMap<string, Provider>

/** The shipped entries by name. */
export const catalogue: Catalogue = new Map([gmail, pipedrive].map((entry) => [entry.name, entry]))
