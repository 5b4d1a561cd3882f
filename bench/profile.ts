import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

type Profile = {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  timeDeltas: number[]
}

const shown = 25

/** Where the time of each profiled process went: by part of the program, and the functions that took most themselves. */
export async function summariseProfiles(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'))
  const texts = await Promise.all(
    names.map(async (name) =>
      summarise(name, JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile),
    ),
  )
  return texts.join('\n\n')
}

function summarise(name: string, { nodes, samples, timeDeltas }: Profile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const functions = new Map<string, number>()
  const parts = new Map<string, number>()
  let total = 0
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!
    if (functionName === '(idle)') return
    const time = timeDeltas[index]!
    const part = partOf(url, functionName)
    total += time
    add(parts, part, time)
    add(
      functions,
      `${functionName || '(anonymous)'} ${part}${url ? ` ${url.split('/').at(-1)}:${lineNumber + 1}` : ''}`,
      time,
    )
  })
  const list = (times: Map<string, number>) =>
    [...times]
      .sort((a, b) => b[1] - a[1])
      .slice(0, shown)
      .map(([what, time]) => `${((100 * time) / total).toFixed(1).padStart(6)} %  ${what}`)
  return [`${name}: busy ${(total / 1e6).toFixed(1)} s`, ...list(parts), '', ...list(functions)].join('\n')
}

/** The package, the server's slice, or the runtime. */
function partOf(url: string, functionName: string): string {
  const inPackages = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)
  if (inPackages) return inPackages[1]!
  const ours = /packages\/([^/]+)\/src\/([^/]+)/.exec(url)
  if (ours) return `grantry/${ours[1]}/${ours[2]!.replace('.ts', '')}`
  if (url.startsWith('node:')) return url
  return functionName.startsWith('(') ? functionName : 'native'
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time)
}
