import type { UpdateWorkspaceInput, Workspace } from '@grantry/sdk/transport'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { wordsOf } from '../../parts/fault.tsx'
import { tell } from '../../parts/tell.tsx'
import { useClient } from '../../session.tsx'

const queryKey = ['workspace']

/** The settings of the workspace. */
export function useWorkspace() {
  const client = useClient()
  return useQuery({ queryKey, queryFn: ({ signal }) => client.workspace.get({ signal }) })
}

/** Changes settings, so that every page shows them. `undo` tells what was done and offers to put `before` back. */
export function useUpdateWorkspace() {
  const client = useClient()
  const queries = useQueryClient()
  const update = async (changes: UpdateWorkspaceInput): Promise<Workspace> => {
    const workspace = await client.workspace.update(changes)
    queries.setQueryData(queryKey, workspace)
    // The name stands in the navigation too.
    if (changes.name !== undefined) await queries.invalidateQueries({ queryKey: ['session'] })
    return workspace
  }
  const tellOf = (done: string, before: UpdateWorkspaceInput) =>
    tell(done, () => {
      update(before).then(
        () => tell('It is as it was.'),
        (error: unknown) => tell(wordsOf(error).detail),
      )
    })
  return { update, tellOf }
}
