import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connectTools } from '../support/connected-tools.ts'

let github: Awaited<ReturnType<typeof connectTools>>
beforeAll(async () => {
  github = await connectTools('github')
})
afterAll(() => github?.close())
beforeEach(async () => {
  github.sandbox.control.reset()
  await github.connect()
})

const engine = { owner: 'ada', repo: 'engine' }
const notes = { owner: 'ada', repo: 'notes' }
const outbox = () => github.sandbox.control.outbox({ provider: 'github' })

test('lists repositories, the private ones with the permission alone', async () => {
  const { repositories } = await github.value('list_repositories')
  expect(repositories).toEqual([
    {
      owner: 'ada',
      repo: 'engine',
      description: 'An analytical engine',
      private: false,
      default_branch: 'main',
      language: 'TypeScript',
      stars: 42,
      open_issues: 3,
      pushed_at: '2026-03-05T09:00:00Z',
      url: expect.stringContaining('/ada/engine'),
    },
    expect.objectContaining({ repo: 'notes', private: true }),
  ])
  expect((await github.value('list_repositories', { visibility: 'private' })).repositories).toHaveLength(1)
  const first = await github.value('list_repositories', { limit: 1 })
  const second = await github.value('list_repositories', { limit: 1, page: first.next_page })
  expect([first.repositories[0].repo, second.repositories[0].repo]).toEqual(['engine', 'notes'])
  expect(await github.value('list_repositories', { limit: 1, page: 3 })).toEqual({ repositories: [] })
  await github.connect({ access: 'read' })
  expect((await github.value('list_repositories')).repositories).toHaveLength(1)
})

test('gets a repository with its README, and one that has none', async () => {
  expect(await github.value('get_repository', engine)).toMatchObject({
    repo: 'engine',
    topics: ['cards', 'mill'],
    license: 'MIT',
    may_push: true,
    readme: '# Engine\n\nIt weaves algebraic patterns.\n',
  })
  const bare = await github.value('get_repository', notes)
  expect([bare.repo, bare.topics, 'readme' in bare]).toEqual(['notes', [], false])
})

test('lists issues without pull requests, by what is asked for', async () => {
  const listed = await github.value('list_issues', engine)
  expect(listed).toEqual({
    issues: [
      expect.objectContaining({ number: 4, labels: [], assignees: [] }),
      {
        number: 1,
        title: 'The mill is stuck',
        state: 'open',
        author: 'ada',
        labels: ['bug', 'help wanted'],
        assignees: ['grace'],
        comments: 2,
        created_at: '2026-03-01T09:00:00Z',
        updated_at: '2026-03-01T12:00:00Z',
        url: expect.stringContaining('/ada/engine/issues/1'),
      },
    ],
  })
  const numbers = async (args: Parameters<typeof github.value>[1]) =>
    (await github.value('list_issues', { ...engine, ...args })).issues.map(
      ({ number }: { number: number }) => number,
    )
  expect(await numbers({ labels: ['bug', 'help wanted'] })).toEqual([1])
  expect(await numbers({ labels: [] })).toEqual([4, 1])
  expect(await numbers({ state: 'closed', labels: ['bug'] })).toEqual([3])
  expect(await numbers({ assignee: 'none' })).toEqual([4])
  expect(await numbers({ since: '2026-03-02T00:00:00Z' })).toEqual([4])
  const page = await github.value('list_issues', { ...engine, state: 'all', limit: 2 })
  expect(page.next_page).toBe(2)
  expect(await github.value('list_issues', notes)).toEqual({ issues: [] })
})

test('gets an issue with its comments, and one that has none', async () => {
  const issue = await github.value('get_issue', { ...engine, issue_number: 1, limit: 1 })
  expect(issue).toMatchObject({
    number: 1,
    body: 'Since “Tuesday”.\n\n```\nturn(1)\n```',
    comments: [{ comment_id: expect.any(Number), author: 'grace', body: 'Have you tried oil?' }],
    comment_count: 2,
    next_page: 2,
  })
  const second = await github.value('get_issue', { ...engine, issue_number: 1, limit: 1, page: 2 })
  expect(second.comments).toMatchObject([{ author: 'ada', body: 'Yes.' }])
  const bare = await github.value('get_issue', { ...engine, issue_number: 4 })
  expect([bare.comments, 'body' in bare, 'is_pull_request' in bare]).toEqual([[], false, false])
  expect(await github.value('get_issue', { ...engine, issue_number: 2 })).toMatchObject({
    is_pull_request: true,
  })
})

test('opens, changes, closes and comments on issues', async () => {
  const title = '-Ünïcode “quotes” & <tags> 🎉'
  const body = 'Line 1\n\n- [ ] \'it\' and "that" {x} `y` $z'
  const made = await github.value('create_issue', {
    ...engine,
    title,
    body,
    labels: [],
    assignees: ['grace'],
  })
  expect(made).toEqual({
    ...engine,
    number: 5,
    title,
    state: 'open',
    labels: [],
    assignees: ['grace'],
    url: expect.stringContaining('/issues/5'),
  })
  const at = { ...engine, issue_number: 5 }
  expect(await github.value('get_issue', at)).toMatchObject({ title, body })
  const closed = await github.value('update_issue', {
    ...at,
    state: 'closed',
    state_reason: 'not_planned',
    labels: ['bug'],
    assignees: [],
  })
  expect(closed).toMatchObject({ state: 'closed', labels: ['bug'], assignees: [], title })
  expect(await github.value('get_issue', at)).toMatchObject({ state_reason: 'not_planned', body })
  const comment = await github.value('add_issue_comment', { ...at, body })
  expect(comment).toEqual({
    comment_id: expect.any(Number),
    url: expect.any(String),
    created_at: expect.any(String),
  })
  expect((await github.value('get_issue', at)).comments).toMatchObject([{ author: 'ada', body }])
  expect(outbox().map(({ kind }) => kind)).toEqual(['issue', 'issue', 'comment'])
})

test('lists pull requests, gets one with its reviews and changes', async () => {
  const { pull_requests } = await github.value('list_pull_requests', engine)
  expect(pull_requests).toEqual([
    {
      number: 2,
      title: 'Oil it twice',
      state: 'open',
      draft: false,
      author: 'ada',
      from_branch: 'oil',
      into_branch: 'main',
      labels: [],
      created_at: '2026-03-02T09:00:00Z',
      updated_at: '2026-03-02T12:00:00Z',
      url: expect.stringContaining('/pull/2'),
    },
  ])
  expect(await github.value('list_pull_requests', { ...engine, into_branch: 'old' })).toEqual({
    pull_requests: [],
  })
  const at = { ...engine, pull_number: 2 }
  expect(await github.value('get_pull_request', at)).toMatchObject({
    body: 'Closes #1',
    mergeable: true,
    merge_state: 'clean',
    reviewers_asked: ['grace'],
    additions: 2,
    changed_files: 2,
    reviews: [
      { author: 'grace', state: 'APPROVED', body: 'Works on my machine.' },
      { author: 'linus', state: 'COMMENTED' },
    ],
  })
  expect((await github.value('list_pull_request_files', at)).files).toEqual([
    {
      path: 'src/mill.ts',
      status: 'modified',
      additions: 2,
      deletions: 1,
      diff: expect.stringContaining('+turn(2)'),
    },
    { path: 'docs/card.png', previous_path: 'card.png', status: 'renamed', additions: 0, deletions: 0 },
  ])
  const short = await github.value('list_pull_request_files', { ...at, with_diff: false, limit: 1 })
  expect([short.files, short.next_page]).toEqual([
    [{ path: 'src/mill.ts', status: 'modified', additions: 2, deletions: 1 }],
    2,
  ])
})

test('searches issues and pull requests', async () => {
  const found = await github.value('search_issues', { query: 'repo:ada/engine is:open "mill is"' })
  expect(found).toMatchObject({ total: 1, hits: [{ repository: 'ada/engine', number: 1 }] })
  expect(found.hits[0].excerpt).toContain('Since “Tuesday”')
  const pulls = await github.value('search_issues', { query: 'author:@me', kind: 'pull_request' })
  expect(pulls.hits.map(({ number }: { number: number }) => number)).toEqual([2])
  const paged = await github.value('search_issues', { query: 'author:@me', limit: 2 })
  expect([paged.hits.length, paged.total, paged.next_page]).toEqual([2, 3, 2])
  const rest = await github.value('search_issues', { query: 'author:@me', limit: 2, page: 2 })
  expect([rest.hits.length, rest.next_page]).toEqual([1, undefined])
  expect(await github.value('search_issues', { query: 'naught' })).toEqual({ hits: [], total: 0 })
})

test('searches code and repositories', async () => {
  expect(await github.value('search_code', { query: 'turn repo:ada/engine' })).toEqual({
    hits: [
      {
        repository: 'ada/engine',
        path: 'src/mill.ts',
        excerpts: ['export function turn(times: number) {'],
        url: expect.stringContaining('/blob/main/src/mill.ts'),
      },
    ],
    total: 1,
  })
  expect(await github.value('search_code', { query: 'naught' })).toEqual({ hits: [], total: 0 })
  const { hits } = await github.value('search_repositories', { query: 'analytical language:typescript' })
  expect(hits).toMatchObject([{ owner: 'ada', repo: 'engine', stars: 42 }])
  expect(await github.value('search_repositories', { query: 'naught' })).toEqual({ hits: [], total: 0 })
})

test('says what to do where GitHub refuses', async () => {
  expect(await github.refusal('get_issue', { ...engine, issue_number: 99 })).toBe(
    'GitHub refused this (404): Not Found. Check the id: search or list first to get one that exists.',
  )
  expect(await github.refusal('get_pull_request', { ...engine, pull_number: 1 })).toContain('(404)')
  const unknown = { ...engine, issue_number: 1, assignees: ['nobody'] }
  expect(await github.refusal('update_issue', unknown)).toMatch(/\(422\): Validation Failed/)
  await github.connect({ access: 'read' })
  expect(await github.refusal('add_issue_comment', { ...engine, issue_number: 1, body: 'x' })).toContain(
    '(404)',
  )
  expect(await github.refusal('get_repository', notes)).toContain('(404)')
  expect(outbox()).toEqual([])
  const limited = { message: 'API rate limit exceeded for user ID 1.' }
  github.sandbox.control.fault({
    endpoint: 'api',
    provider: 'github',
    fault: 'status',
    status: 429,
    retry_after: 60,
    body: limited,
  })
  expect(await github.refusal('list_issues', engine)).toMatch(/rate limit exceeded.*wait 60 seconds/)
  github.sandbox.control.revokeGrant({ provider: 'github', account: 'ada@example.com' })
  expect(await github.refusal('list_issues', engine)).toMatch(/\(401\): Bad credentials.*connect the account/)
})

test('an owner cannot be a path', async () => {
  for (const owner of ['../user', 'a/b', ''])
    await expect(github.value('get_repository', { owner, repo: 'engine' })).rejects.toThrow(/do not fit/)
})
