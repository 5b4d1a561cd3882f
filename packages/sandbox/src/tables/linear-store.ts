export type Issue = {
  id: string
  number: number
  title: string
  description: string | null
  priority: number
  estimate: number | null
  dueDate: string | null
  state: string
  team: string
  /** Numbers of accounts. */
  assignee: number | null
  creator: number
  project: string | null
  parent: string | null
  labels: string[]
  comments: { id: string; body: string; user: number; parent: string | null; createdAt: string }[]
  attachments: { id: string; title: string; url: string }[]
  createdAt: string
  updatedAt: string
  completedAt: string | null
}

export type Store = { issues: Issue[] }

const uuid = (end: string) => `10472900-0000-4000-8000-${end.padStart(12, '0')}`

export const organization = { id: uuid('f0'), name: 'Analytical Engines', urlKey: 'engines' }

export const teams = [
  { id: uuid('a1'), key: 'ENG', name: 'Engine', description: 'Gears and cards' },
  { id: uuid('a2'), key: 'OPS', name: 'Operations', description: null },
]

export const states = teams.flatMap(({ id }, index) =>
  [
    ['Backlog', 'backlog'],
    ['In Progress', 'started'],
    ['Done', 'completed'],
    ['Canceled', 'canceled'],
  ].map(([name, type], at) => ({ id: uuid(`b${index}${at}`), name: name!, type: type!, team: id })),
)

export const labels = [
  { id: uuid('91'), name: 'Bug' },
  { id: uuid('92'), name: 'Feature' },
]

export const projects = [
  {
    id: uuid('81'),
    name: 'Difference engine',
    description: 'Tables without errors',
    content: '# Why\n\nHand-made tables “lie”.',
    status: { id: uuid('71'), name: 'In Progress', type: 'started' },
    health: 'onTrack',
    progress: 0.25,
    startDate: '2026-01-01',
    targetDate: '2026-12-31',
    createdAt: '2026-01-01T09:00:00.000Z',
    updatedAt: '2026-03-01T09:00:00.000Z',
    lead: 2 as number | null,
    milestones: [{ id: uuid('61'), name: 'First table', targetDate: '2026-06-01' }],
  },
  {
    id: uuid('82'),
    name: 'Printer',
    description: '',
    content: null,
    status: { id: uuid('72'), name: 'Planned', type: 'planned' },
    health: null,
    progress: 0,
    startDate: null,
    targetDate: null,
    createdAt: '2026-02-01T09:00:00.000Z',
    updatedAt: '2026-02-02T09:00:00.000Z',
    lead: null,
    milestones: [],
  },
]

export const seedLinear = (): Store => {
  const issue = (number: number, title: string, more: Partial<Issue> = {}): Issue => ({
    id: uuid(`d${number}`),
    number,
    title,
    description: null,
    priority: 0,
    estimate: null,
    dueDate: null,
    state: states[0]!.id,
    team: teams[0]!.id,
    assignee: null,
    creator: 1,
    project: null,
    parent: null,
    labels: [],
    comments: [],
    attachments: [],
    createdAt: `2026-03-0${number}T09:00:00.000Z`,
    updatedAt: `2026-03-0${number}T12:00:00.000Z`,
    completedAt: null,
    ...more,
  })
  return {
    issues: [
      issue(1, 'Oil the engine', {
        description: 'It “squeaks”:\n\n- the mill\n- the cards',
        priority: 2,
        estimate: 3,
        dueDate: '2026-04-01',
        state: states[1]!.id,
        assignee: 1,
        project: projects[0]!.id,
        labels: [labels[0]!.id],
        comments: [
          {
            id: uuid('51'),
            body: 'Which oil?',
            user: 2,
            parent: null,
            createdAt: '2026-03-01T10:00:00.000Z',
          },
          {
            id: uuid('52'),
            body: 'Whale.',
            user: 1,
            parent: uuid('51'),
            createdAt: '2026-03-01T11:00:00.000Z',
          },
        ],
        attachments: [{ id: uuid('41'), title: 'Plan', url: 'https://plans.example.com/1' }],
      }),
      issue(2, 'Fetch the oil', { parent: uuid('d1'), assignee: 2 }),
      issue(3, 'Print the tables', {
        state: states[2]!.id,
        completedAt: '2026-03-03T12:00:00.000Z',
        labels: [labels[1]!.id],
      }),
      issue(1, 'Order coal', { id: uuid('d9'), team: teams[1]!.id, state: states[4]!.id }),
    ],
  }
}
