import type { Account } from '../accounts.ts'

export type Issue = {
  id: number
  number: number
  title: string
  body: string | null
  state: 'open' | 'closed'
  state_reason: string | null
  author: string
  labels: string[]
  assignees: string[]
  comments: { author: string; body: string; created_at: string }[]
  created_at: string
  updated_at: string
  /** It is a pull request. */
  pull?: { head: string; draft: boolean }
}

export type Repository = {
  id: number
  name: string
  description: string | null
  private: boolean
  language: string | null
  stars: number
  topics: string[]
  pushed_at: string
  readme: string | null
  issues: Issue[]
  code: { path: string; text: string }[]
}

export type Store = { repositories: Repository[] }

/** What every pull request changes. */
export const files = [
  {
    sha: 'bbcd538c8e72',
    filename: 'src/mill.ts',
    status: 'modified',
    additions: 2,
    deletions: 1,
    changes: 3,
    patch: '@@ -1,3 +1,4 @@\n import { cards } from "./cards.ts"\n-turn(1)\n+turn(2)\n+oil()',
  },
  {
    sha: 'aacd538c8e72',
    filename: 'docs/card.png',
    status: 'renamed',
    previous_filename: 'card.png',
    additions: 0,
    deletions: 0,
    changes: 0,
  },
]

export const seedGithub = ({ number, given_name }: Account): Store => {
  const author = given_name.toLowerCase()
  const issue = (n: number, title: string, more: Partial<Issue> = {}): Issue => ({
    id: 9000 + number * 100 + n,
    number: n,
    title,
    body: null,
    state: 'open',
    state_reason: null,
    author,
    labels: [],
    assignees: [],
    comments: [],
    created_at: `2026-03-0${n}T09:00:00Z`,
    updated_at: `2026-03-0${n}T12:00:00Z`,
    ...more,
  })
  return {
    repositories: [
      {
        id: 70_000 + number,
        name: 'engine',
        description: 'An analytical engine',
        private: false,
        language: 'TypeScript',
        stars: 42,
        topics: ['cards', 'mill'],
        pushed_at: '2026-03-05T09:00:00Z',
        readme: '# Engine\n\nIt weaves algebraic patterns.\n',
        issues: [
          issue(1, 'The mill is stuck', {
            body: 'Since “Tuesday”.\n\n```\nturn(1)\n```',
            labels: ['bug', 'help wanted'],
            assignees: ['grace'],
            comments: [
              { author: 'grace', body: 'Have you tried oil?', created_at: '2026-03-01T10:00:00Z' },
              { author, body: 'Yes.', created_at: '2026-03-01T11:00:00Z' },
            ],
          }),
          issue(2, 'Oil it twice', {
            body: 'Closes #1',
            pull: { head: 'oil', draft: false },
            comments: [{ author: 'linus', body: 'Nice', created_at: '2026-03-02T10:30:00Z' }],
          }),
          issue(3, 'Print the tables', { labels: ['bug'], state: 'closed', state_reason: 'completed' }),
          issue(4, 'More cards', {}),
        ],
        code: [
          { path: 'src/mill.ts', text: 'export function turn(times: number) {' },
          { path: 'src/cards.ts', text: 'export const cards = []' },
        ],
      },
      {
        id: 71_000 + number,
        name: 'notes',
        description: null,
        private: true,
        language: null,
        stars: 0,
        topics: [],
        pushed_at: '2026-02-01T09:00:00Z',
        readme: null,
        issues: [],
        code: [],
      },
    ],
  }
}
