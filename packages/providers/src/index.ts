export { type Catalogue, catalogue } from './catalogue.ts'
export { CatalogueError, type CatalogueFault, mergeCatalogue } from './merge-catalogue.ts'
export {
  type GrantType,
  type Provider,
  type ProviderCategory,
  providerCategories,
  type ScopePreset,
  type ScopePresets,
} from './provider.ts'
export { providerEntry, urlsOf } from './provider-entry.ts'
export { translateSentence } from './sentences/translate.ts'
export type { Tool, ToolArgument, ToolInput, ToolStep } from './tool.ts'
