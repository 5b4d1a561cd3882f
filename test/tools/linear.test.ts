import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let linear: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  linear = await connectTools('linear')
})
afterAll(() => linear?.close())
beforeEach(async () => {
  linear.sandbox.control.reset()
  await linear.connect()
})

type Listed = { issue_id: string; name: string }
const ids = async (args: Parameters<typeof linear.value>[1]) =>
  (await linear.value('list_issues', args)).issues.map(({ issue_id }: Listed) => issue_id)

const oil = {
  issue_id: 'ENG-1',
  title: 'Oil the engine',
  state: 'In Progress',
  state_type: 'started',
  priority: 'High',
  team: 'ENG',
  assignee: 'Ada Lovelace',
  assignee_email: 'ada@example.com',
  project: 'Difference engine',
  project_id: expect.any(String),
  labels: ['Bug'],
  due_date: '2026-04-01',
  created_at: '2026-03-01T09:00:00.000Z',
  updated_at: '2026-03-01T12:00:00.000Z',
  url: expect.stringContaining('/engines/issue/ENG-1'),
}

test('lists issues, the last changed first, in pages', async () => {
  const { issues } = await linear.value('list_issues')
  expect(issues.map(({ issue_id }: Listed) => issue_id)).toEqual(['ENG-3', 'ENG-2', 'ENG-1', 'OPS-1'])
  expect(issues[2]).toEqual(oil)
  const first = await linear.value('list_issues', { limit: 3 })
  expect([first.issues.length, await ids({ limit: 3, cursor: first.next_cursor })]).toEqual([3, ['OPS-1']])
  expect((await linear.value('list_issues', { limit: 4 })).next_cursor).toBeUndefined()
})

test('lists the issues that pass all that is given, and none', async () => {
  expect(await ids({ team_key: 'ops' })).toEqual(['OPS-1'])
  expect(await ids({ assignee: 'me' })).toEqual(['ENG-1'])
  expect(await ids({ assignee: 'GRACE@example.com' })).toEqual(['ENG-2'])
  expect(await ids({ assignee: 'nobody', team_key: 'ENG' })).toEqual(['ENG-3'])
  expect(await ids({ state: 'in progress' })).toEqual(['ENG-1'])
  expect(await ids({ state_type: 'completed' })).toEqual(['ENG-3'])
  expect(await ids({ label: 'bug' })).toEqual(['ENG-1'])
  expect(await ids({ updated_since: '2026-03-02T00:00:00+01:00' })).toEqual(['ENG-3', 'ENG-2'])
  const { project_id } = (await linear.value('list_issues', { assignee: 'me' })).issues[0]
  expect(await ids({ project_id })).toEqual(['ENG-1'])
  expect(await linear.value('list_issues', { label: '-"“none”' })).toEqual({ issues: [] })
})

test('what is not given leaves no filter behind', async () => {
  await linear.value('list_issues', { label: 'bug' })
  expect(JSON.parse(linear.asked[0]!.body!).variables).toEqual({
    first: 20,
    filter: { labels: { some: { name: { eqIgnoreCase: 'bug' } } } },
  })
})

test('searches titles, texts and comments', async () => {
  const search = async (query: string, more = {}) => {
    const { issues, total, next_cursor } = await linear.value('search_issues', { query, ...more })
    return [issues.map(({ issue_id }: Listed) => issue_id), total, next_cursor]
  }
  expect(await search('whale')).toEqual([['ENG-1'], 1, undefined])
  expect(await search('“squeaks”')).toEqual([['ENG-1'], 1, undefined])
  expect(await search('naught')).toEqual([[], 0, undefined])
  const [first, total, cursor] = await search('oil', { limit: 1 })
  expect([first, total, (await search('oil', { limit: 1, cursor }))[0]]).toEqual([['ENG-1'], 2, ['ENG-2']])
})

test('gets an issue by its identifier or id, with all that belongs to it', async () => {
  const issue = await linear.value('get_issue', { issue_id: 'ENG-1' })
  expect(issue).toEqual({
    ...oil,
    id: expect.any(String),
    description: 'It “squeaks”:\n\n- the mill\n- the cards',
    estimate: 3,
    branch: 'ada/eng-1',
    creator: 'Ada Lovelace',
    sub_issues: [{ issue_id: 'ENG-2', title: 'Fetch the oil', state: 'Backlog' }],
    links: [{ title: 'Plan', url: 'https://plans.example.com/1' }],
    comments: [
      expect.objectContaining({ author: 'Ada Lovelace', body: 'Whale.' }),
      {
        comment_id: expect.any(String),
        author: 'Grace Hopper',
        created_at: '2026-03-01T10:00:00.000Z',
        body: 'Which oil?',
        url: expect.stringContaining('#comment-'),
      },
    ],
  })
  expect(issue.comments[0].reply_to_comment_id).toBe(issue.comments[1].comment_id)
  expect(await linear.value('get_issue', { issue_id: issue.id })).toEqual(issue)
  expect(await linear.value('get_issue', { issue_id: 'ENG-2' })).toMatchObject({
    parent_issue_id: 'ENG-1',
    labels: [],
    sub_issues: [],
    links: [],
    comments: [],
  })
})

test('lists teams with states and labels, and people', async () => {
  const { teams } = await linear.value('list_teams')
  expect(teams).toMatchObject([
    {
      key: 'ENG',
      name: 'Engine',
      description: 'Gears and cards',
      states: [{ name: 'Backlog', type: 'backlog' }, {}, {}, {}],
      labels: [{ label_id: expect.any(String), name: 'Bug' }, { name: 'Feature' }],
    },
    { key: 'OPS' },
  ])
  expect((await linear.value('list_teams', { limit: 1 })).next_cursor).toEqual(expect.any(String))
  expect((await linear.value('search_users', { query: 'HOPPER' })).users).toEqual([
    { user_id: expect.any(String), name: 'Grace Hopper', display_name: 'grace', email: 'grace@example.com' },
  ])
  const everybody = (await linear.value('search_users')).users
  expect(everybody.map(({ is_me }: { is_me?: boolean }) => is_me)).toEqual([true, undefined, undefined])
  expect(await linear.value('search_users', { query: 'nobody' })).toEqual({ users: [] })
})

test('makes, changes and comments on issues', async () => {
  const { teams } = await linear.value('list_teams')
  const [team] = teams
  const user = (await linear.value('search_users', { query: 'linus' })).users[0]
  const title = '-Ünïcode “quotes” & <tags> 🎉'
  const description = 'Line 1\n\n"that" \'it\' {x} `y` $z \\n'
  const made = await linear.value('create_issue', {
    team_id: team.team_id,
    title,
    description,
    priority: 0,
    assignee_id: user.user_id,
    label_ids: [],
    due_date: '2026-05-01',
    parent_issue_id: 'ENG-1',
  })
  expect(made).toMatchObject({
    issue_id: 'ENG-4',
    title,
    priority: 'No priority',
    assignee: 'Linus Pauling',
    labels: [],
    due_date: '2026-05-01',
  })
  const { issue_id } = made
  const whole = await linear.value('get_issue', { issue_id })
  expect(whole).toMatchObject({ description, parent_issue_id: 'ENG-1', creator: 'Ada Lovelace' })
  const done = team.states.find(({ type }: { type: string }) => type === 'completed')
  const [bug, feature] = team.labels.map(({ label_id }: { label_id: string }) => label_id)
  const changed = await linear.value('update_issue', {
    issue_id,
    state_id: done.state_id,
    priority: 1,
    add_label_ids: [bug, feature],
    remove_label_ids: [bug],
  })
  expect(changed).toMatchObject({ title, state: 'Done', priority: 'Urgent', labels: ['Feature'] })
  const comment = await linear.value('add_comment', { issue_id, body: description })
  const reply_to_comment_id = comment.comment_id
  await linear.value('add_comment', { issue_id, body: 'And?', reply_to_comment_id })
  expect((await linear.value('get_issue', { issue_id })).comments).toMatchObject([
    { body: 'And?', reply_to_comment_id },
    { body: description, author: 'Ada Lovelace' },
  ])
  const sent = linear.sandbox.control.outbox({ provider: 'linear' })
  expect(sent.map(({ kind }) => kind)).toEqual(['issue', 'issue', 'comment', 'comment'])
})

test('lists and gets projects', async () => {
  const { projects } = await linear.value('list_projects')
  expect(projects.map(({ name }: Listed) => name)).toEqual(['Difference engine', 'Printer'])
  const named = await linear.value('list_projects', { name: 'PRINT', status_type: 'planned' })
  expect(named).toEqual({
    projects: [
      {
        project_id: expect.any(String),
        name: 'Printer',
        status: 'Planned',
        status_type: 'planned',
        progress: 0,
        updated_at: '2026-02-02T09:00:00.000Z',
        teams: ['ENG'],
        url: expect.any(String),
      },
    ],
  })
  expect(await linear.value('list_projects', { status_type: 'paused' })).toEqual({ projects: [] })
  const { project_id } = projects[0]
  expect(await linear.value('get_project', { project_id })).toMatchObject({
    name: 'Difference engine',
    summary: 'Tables without errors',
    content: '# Why\n\nHand-made tables “lie”.',
    lead: 'Grace Hopper',
    health: 'onTrack',
    target_date: '2026-12-31',
    members: [{ name: 'Ada Lovelace' }, { name: 'Grace Hopper' }],
    milestones: [{ name: 'First table', target_date: '2026-06-01' }],
  })
  const bare = await linear.value('get_project', { project_id: named.projects[0].project_id })
  expect([bare.milestones, 'content' in bare, 'summary' in bare]).toEqual([[], false, false])
})

test('says what to do where Linear refuses', async () => {
  expect(await linear.refusal('get_issue', { issue_id: 'ENG-99' })).toBe(
    'Linear refused this (404): Entity not found: Issue: Could not find referenced Issue. Check the id: search or list first to get one that exists.',
  )
  const { teams } = await linear.value('list_teams')
  const wrong = { team_id: teams[0].team_id, title: 'x', state_id: teams[1].states[0].state_id }
  expect(await linear.refusal('create_issue', wrong)).toContain('Entity not found: WorkflowState')
  await linear.connect({ access: 'read' })
  expect(await linear.refusal('add_comment', { issue_id: 'ENG-1', body: 'x' })).toMatch(
    /^Linear refused this \(403\).*`write` required.*more access/,
  )
  expect(linear.sandbox.control.outbox({ provider: 'linear' })).toEqual([])
  const fault = (status: number, code: string, message: string) =>
    linear.sandbox.control.fault({
      endpoint: 'api',
      provider: 'linear',
      fault: 'status',
      status,
      body: { errors: [{ message, extensions: { code } }], data: null },
    })
  fault(200, 'RATELIMITED', 'Rate limit exceeded')
  expect(await linear.refusal('list_issues')).toMatch(/\(429\): Rate limit exceeded\. Too many calls: wait/)
  fault(200, 'FORBIDDEN', 'You are not allowed')
  expect(await linear.refusal('list_issues')).toMatch(/\(403\): You are not allowed\. The connected account/)
  fault(200, 'SOMETHING', 'Nobody foresaw it')
  expect(await linear.refusal('list_issues')).toBe(
    'Linear refused this (400): Nobody foresaw it. Check the arguments.',
  )
  fault(400, 'RATELIMITED', 'Rate limit exceeded')
  expect(await linear.refusal('list_issues')).toContain('Rate limit exceeded')
})
