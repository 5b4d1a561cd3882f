import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where the files are that take longest, in order: one that begins last would keep the other workers waiting. */
const longest = [
  '/test/simulation/',
  '/test/faults/',
  '/test/console/every-page',
  '/test/e2e/',
  '/test/python/',
  '/connections/refresh/',
  '/test/security/',
  '/test/documented/',
  '/test/conformance/',
  '/test/cli/',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = longest.findIndex((folder) => moduleId.includes(folder))
  return at === -1 ? longest.length : at
}
