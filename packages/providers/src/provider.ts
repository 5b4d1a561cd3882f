import type { ProviderProfile } from '@grantry/oauth'
import type { Tool } from './tool.ts'

/** One service of the catalogue: how to speak to it, and how to speak of it. */
export type Provider = ProviderProfile & {
  /** The catalogue's key: lower-case letters, digits and hyphens. */
  name: string
  display_name: string
  category: ProviderCategory
  docs_url: string
  /** Where an OAuth app is registered there: the page in the service's console. */
  register_url?: string
  /** Where people see which apps may use their account there, and end it. */
  grants_url?: string
  grant_types: GrantType[]
  scopes: ScopePresets
  /** What a model can do there. */
  tools?: Tool[]
  /**
   * Expression (JMESPath) over an answer that was not refused by its status: the reason, where it is a refusal all the same. A text, or
   * `{status, message}` with the HTTP status that would say the same.
   */
  tool_failure?: string
  /** What whoever registers an app there should know. */
  notes?: string
  /** Where the facts of this entry were read. */
  provenance: string[]
}

export const providerCategories = [
  'accounting',
  'calendar',
  'commerce',
  'communication',
  'crm',
  'design',
  'developer',
  'documents',
  'email',
  'files',
  'hr',
  'identity',
  'marketing',
  'meetings',
  'music',
  'payments',
  'productivity',
  'sandbox',
  'social',
  'support',
  'other',
] as const

export type ProviderCategory = (typeof providerCategories)[number]

export type GrantType = 'authorization_code' | 'client_credentials' | 'refresh_token'

/** What is asked for with each access type; `write` stands alone, it is not added to `read`. */
export type ScopePresets = {
  read: ScopePreset[]
  write: ScopePreset[]
  /** The scopes of `authorize.always_scopes`, said in words. */
  always?: ScopePreset[]
}

/** `sentence` tells the person what the scope allows: one plain sentence, with a full stop. */
export type ScopePreset = { scope: string; sentence: string }
