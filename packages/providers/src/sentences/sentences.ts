import type { de } from './de.ts'

/** Every sentence of the shipped catalogue's scope presets, by itself in English. */
export type Sentences = Record<keyof typeof de, string>
