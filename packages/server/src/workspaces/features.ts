import { type EnforcedFeature, enforcedFeatures } from '@grantry/api'
import { problem } from '../errors.ts'
import type { Workspace } from './store.ts'

/** What is turned on: the workspace's list, or everything that the server could turn off. */
export function featuresOf({ features }: Pick<Workspace, 'features'>): string[] {
  return features ?? [...enforcedFeatures]
}

/** @throws ApiError feature_not_in_plan */
export function requireFeature(workspace: Pick<Workspace, 'features'>, feature: EnforcedFeature): void {
  if (workspace.features === null || workspace.features.includes(feature)) return
  throw problem('feature_not_in_plan', `The plan of this workspace does not include "${feature}".`, {
    members: { feature },
  })
}
