import { type Answer, json } from '../answer.ts'
import type { ApiCall, ApiRoute } from '../provider-table.ts'
import { files, type Issue, type Repository, type Store } from './github-store.ts'

export const failed = (
  status: number,
  message: string,
  path = 'rest',
  more: Record<string, unknown> = {},
): Answer =>
  json(status, {
    message,
    ...more,
    documentation_url: `https://docs.github.com/${path}`,
    status: String(status),
  })

const notFound = () => failed(404, 'Not Found')
const invalid = (resource: string, field: string, code: string) =>
  failed(422, 'Validation Failed', 'rest', { errors: [{ resource, field, code }] })

const storeOf = ({ data }: ApiCall) => data as Store
const loginOf = ({ account }: Pick<ApiCall, 'account'>) => account.given_name.toLowerCase()
const personOf = ({ base }: ApiCall, login: string) => ({
  login,
  id: 10_472_900 + login.length,
  html_url: `${base}/${login}`,
  type: 'User',
})

/** Private repositories are there for `repo` alone. */
const sees = ({ scopes }: ApiCall, repository: Repository) => !repository.private || scopes.includes('repo')

const repositoryOf = (call: ApiCall) =>
  call.params.owner === loginOf(call)
    ? storeOf(call).repositories.find(
        (repository) => repository.name === call.params.repo && sees(call, repository),
      )
    : undefined

const presentRepository = (call: ApiCall, repository: Repository) => {
  const login = loginOf(call)
  const { name, issues } = repository
  return {
    id: repository.id,
    node_id: `R_sandbox${repository.id}`,
    name,
    full_name: `${login}/${name}`,
    private: repository.private,
    owner: personOf(call, login),
    html_url: `${call.base}/${login}/${name}`,
    description: repository.description,
    fork: false,
    url: `${call.base}/repos/${login}/${name}`,
    created_at: '2024-12-10T00:00:00Z',
    updated_at: repository.pushed_at,
    pushed_at: repository.pushed_at,
    homepage: '',
    size: 108,
    stargazers_count: repository.stars,
    watchers_count: repository.stars,
    language: repository.language,
    has_issues: true,
    forks_count: 0,
    archived: false,
    disabled: false,
    open_issues_count: issues.filter(({ state }) => state === 'open').length,
    license: repository.private ? null : { key: 'mit', name: 'MIT License', spdx_id: 'MIT' },
    topics: repository.topics,
    visibility: repository.private ? 'private' : 'public',
    default_branch: 'main',
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
  }
}

const presentIssue = (call: ApiCall, repository: Repository, issue: Issue) => {
  const full = `${loginOf(call)}/${repository.name}`
  const kind = issue.pull ? 'pull' : 'issues'
  return {
    url: `${call.base}/repos/${full}/issues/${issue.number}`,
    repository_url: `${call.base}/repos/${full}`,
    html_url: `${call.base}/${full}/${kind}/${issue.number}`,
    id: issue.id,
    number: issue.number,
    title: issue.title,
    user: personOf(call, issue.author),
    labels: issue.labels.map((name, index) => ({ id: index + 1, name, color: 'f29513', default: false })),
    state: issue.state,
    state_reason: issue.state_reason,
    locked: false,
    assignee: issue.assignees[0] ? personOf(call, issue.assignees[0]) : null,
    assignees: issue.assignees.map((login) => personOf(call, login)),
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.state === 'closed' ? issue.updated_at : null,
    author_association: 'OWNER',
    body: issue.body,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: { merged_at: null, url: `${call.base}/repos/${full}/pulls` },
        }
      : {}),
  }
}

const paged = <T>({ query }: ApiCall, items: T[]): T[] => {
  const size = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Number(query.get('page') ?? 1)
  return items.slice((page - 1) * size, page * size)
}

const inRepository =
  (handle: (call: ApiCall, repository: Repository) => Answer) =>
  (call: ApiCall): Answer => {
    const repository = repositoryOf(call)
    return repository ? handle(call, repository) : notFound()
  }

const withIssue = (pulls: boolean, handle: (call: ApiCall, repository: Repository, issue: Issue) => Answer) =>
  inRepository((call, repository) => {
    const issue = repository.issues.find(({ number }) => String(number) === call.params.number)
    return issue && (!pulls || issue.pull) ? handle(call, repository, issue) : notFound()
  })

const listRepositories = (call: ApiCall): Answer => {
  const visibility = call.query.get('visibility') ?? 'all'
  const found = storeOf(call).repositories.filter(
    (repository) =>
      sees(call, repository) && (visibility === 'all' || repository.private === (visibility === 'private')),
  )
  return json(
    200,
    paged(
      call,
      found.map((repository) => presentRepository(call, repository)),
    ),
  )
}

const listIssues = (pulls: boolean) =>
  inRepository((call, repository) => {
    const state = call.query.get('state') ?? 'open'
    if (!['open', 'closed', 'all'].includes(state)) return invalid('Issue', 'state', 'invalid')
    const labels = (call.query.get('labels') ?? '').split(',').filter(Boolean)
    const assignee = call.query.get('assignee')
    const since = call.query.get('since')
    const base = call.query.get('base')
    const found = repository.issues
      .filter(
        (issue) =>
          (!pulls || issue.pull) &&
          (state === 'all' || issue.state === state) &&
          labels.every((label) => issue.labels.includes(label)) &&
          (assignee === null ||
            (assignee === 'none' ? issue.assignees.length === 0 : issue.assignees.includes(assignee))) &&
          (since === null || Date.parse(issue.updated_at) >= Date.parse(since)) &&
          (base === null || base === 'main'),
      )
      .toSorted((one, other) => other.number - one.number)
      .map((issue) => (pulls ? presentPull(call, repository, issue) : presentIssue(call, repository, issue)))
    return json(200, paged(call, found))
  })

const presentPull = (call: ApiCall, repository: Repository, issue: Issue, whole = false) => {
  const {
    pull_request: _,
    comments,
    ...base
  } = presentIssue(call, repository, issue) as Record<string, unknown>
  const full = `${loginOf(call)}/${repository.name}`
  const branch = (ref: string) => ({
    label: `${loginOf(call)}:${ref}`,
    ref,
    sha: '6dcb09b5b5785',
    repo: { full_name: full },
  })
  return {
    ...base,
    merged_at: null,
    head: branch(issue.pull!.head),
    base: branch('main'),
    requested_reviewers: [personOf(call, 'grace')],
    ...(whole
      ? {
          merged: false,
          mergeable: true,
          mergeable_state: 'clean',
          merged_by: null,
          comments,
          review_comments: 0,
          commits: 1,
          additions: files.reduce((sum, { additions }) => sum + additions, 0),
          deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
          changed_files: files.length,
        }
      : {}),
  }
}

const bodyOf = ({ body }: ApiCall) => (typeof body === 'object' && body !== null ? body : {}) as Fields
type Fields = Partial<Record<string, unknown>>
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

const createIssue = inRepository((call, repository) => {
  const { title, body, labels, assignees } = bodyOf(call)
  if (typeof title !== 'string' || title === '')
    return failed(422, 'Invalid request.\n\n"title" wasn\'t supplied.', 'rest/issues/issues#create-an-issue')
  const now = new Date(call.now).toISOString().replace(/\.\d+Z/, 'Z')
  const number = Math.max(0, ...repository.issues.map((issue) => issue.number)) + 1
  const issue: Issue = {
    id: 9000 + repository.id + number,
    number,
    title,
    body: typeof body === 'string' ? body : null,
    state: 'open',
    state_reason: null,
    author: loginOf(call),
    labels: textsOf(labels),
    assignees: textsOf(assignees),
    comments: [],
    created_at: now,
    updated_at: now,
  }
  repository.issues.push(issue)
  call.send({ kind: 'issue', summary: `issue opened: ${title}`, detail: { title, number, body: issue.body } })
  return json(201, presentIssue(call, repository, issue))
})

const updateIssue = withIssue(false, (call, repository, issue) => {
  const { title, body, state, state_reason, labels, assignees } = bodyOf(call)
  if (state !== undefined && state !== 'open' && state !== 'closed')
    return invalid('Issue', 'state', 'invalid')
  const unknown = textsOf(assignees).find((login) => !['ada', 'grace', 'linus'].includes(login))
  if (unknown) return invalid('Issue', 'assignees', 'invalid')
  if (typeof title === 'string') issue.title = title
  if (typeof body === 'string') issue.body = body
  if (state !== undefined && state !== issue.state) {
    issue.state = state
    issue.state_reason = String(state_reason ?? (state === 'closed' ? 'completed' : 'reopened'))
  }
  if (labels) issue.labels = textsOf(labels)
  if (assignees) issue.assignees = textsOf(assignees)
  issue.updated_at = new Date(call.now).toISOString().replace(/\.\d+Z/, 'Z')
  call.send({
    kind: 'issue',
    summary: `issue changed: ${issue.title}`,
    detail: { number: issue.number, ...bodyOf(call) },
  })
  return json(200, presentIssue(call, repository, issue))
})

const presentComment = (call: ApiCall, repository: Repository, issue: Issue, index: number) => {
  const comment = issue.comments[index]!
  const id = issue.id * 100 + index
  return {
    id,
    html_url: `${call.base}/${loginOf(call)}/${repository.name}/issues/${issue.number}#issuecomment-${id}`,
    user: personOf(call, comment.author),
    created_at: comment.created_at,
    updated_at: comment.created_at,
    body: comment.body,
    author_association: 'OWNER',
  }
}

const listComments = withIssue(false, (call, repository, issue) =>
  json(
    200,
    paged(
      call,
      issue.comments.map((_, index) => presentComment(call, repository, issue, index)),
    ),
  ),
)

const createComment = withIssue(false, (call, repository, issue) => {
  const { body } = bodyOf(call)
  if (typeof body !== 'string' || body.trim() === '') return invalid('IssueComment', 'body', 'missing_field')
  const created_at = new Date(call.now).toISOString().replace(/\.\d+Z/, 'Z')
  issue.comments.push({ author: loginOf(call), body, created_at })
  call.send({
    kind: 'comment',
    summary: `comment on #${issue.number}: ${body}`,
    detail: { number: issue.number, body },
  })
  return json(201, presentComment(call, repository, issue, issue.comments.length - 1))
})

const readme = inRepository((call, { readme: text }) => {
  if (text === null) return notFound()
  return call.headers.accept?.includes('raw')
    ? {
        status: 200,
        headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
        body: text,
      }
    : json(200, {
        type: 'file',
        encoding: 'base64',
        name: 'README.md',
        path: 'README.md',
        content: Buffer.from(text).toString('base64'),
      })
})

/** `is:`, `repo:`, `author:`, `label:` and words; of other qualifiers it knows nothing. */
const matcher = (call: ApiCall, search: string) => {
  const words = (search.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''))
  return (repository: Repository, text: string, issue?: Issue) =>
    words.every((word) => {
      const [, name, value = ''] = /^([a-z]+):(.+)$/.exec(word) ?? []
      if (name === 'repo') return value === `${loginOf(call)}/${repository.name}`
      if (name === 'user') return value === loginOf(call)
      if (name === 'language') return value === repository.language?.toLowerCase()
      if (name === 'author') return issue?.author === (value === '@me' ? loginOf(call) : value)
      if (name === 'label') return issue?.labels.includes(value)
      if (name === 'is') {
        if (value === 'open' || value === 'closed') return issue?.state === value
        return Boolean(issue?.pull) === (value === 'pull-request' || value === 'pr')
      }
      return text.toLowerCase().includes(word.toLowerCase())
    })
}

const search =
  (find: (call: ApiCall, matches: ReturnType<typeof matcher>, seen: Repository[]) => unknown[]) =>
  (call: ApiCall): Answer => {
    const q = call.query.get('q') ?? ''
    if (q.trim() === '') return invalid('Search', 'q', 'missing')
    const items = find(
      call,
      matcher(call, q),
      storeOf(call).repositories.filter((repository) => sees(call, repository)),
    )
    return json(200, { total_count: items.length, incomplete_results: false, items: paged(call, items) })
  }

const searchIssues = search((call, matches, seen) =>
  seen.flatMap((repository) =>
    repository.issues
      .filter((issue) => matches(repository, `${issue.title} ${issue.body ?? ''}`, issue))
      .map((issue) => ({ ...presentIssue(call, repository, issue), score: 1 })),
  ),
)

const searchRepositories = search((call, matches, seen) =>
  seen
    .filter((repository) => matches(repository, `${repository.name} ${repository.description ?? ''}`))
    .map((repository) => ({ ...presentRepository(call, repository), score: 1 })),
)

const searchCode = search((call, matches, seen) =>
  seen.flatMap((repository) =>
    repository.code
      .filter(({ text }) => matches(repository, text))
      .map(({ path, text }) => ({
        name: path.split('/').at(-1),
        path,
        sha: 'bbcd538c8e72',
        html_url: `${call.base}/${loginOf(call)}/${repository.name}/blob/main/${path}`,
        repository: {
          id: repository.id,
          name: repository.name,
          full_name: `${loginOf(call)}/${repository.name}`,
        },
        score: 1,
        ...(call.headers.accept?.includes('text-match')
          ? {
              text_matches: [
                { object_type: 'FileContent', property: 'content', fragment: text, matches: [] },
              ],
            }
          : {}),
      })),
  ),
)

const reviews = withIssue(true, (call) =>
  json(200, [
    {
      id: 80,
      user: personOf(call, 'grace'),
      body: 'Works on my machine.',
      state: 'APPROVED',
      submitted_at: '2026-03-02T10:00:00Z',
    },
    {
      id: 81,
      user: personOf(call, 'linus'),
      body: '',
      state: 'COMMENTED',
      submitted_at: '2026-03-02T11:00:00Z',
    },
  ]),
)

const repos = '/repos/:owner/:repo'
const get = (path: string, handle: (call: ApiCall) => Answer): ApiRoute => ({
  method: 'GET',
  path,
  endpoint: 'api',
  scopes: [],
  handle,
})
const write = (method: 'POST' | 'PATCH', path: string, handle: (call: ApiCall) => Answer): ApiRoute => ({
  method,
  path,
  endpoint: 'api',
  scopes: ['repo', 'public_repo'],
  handle,
})

/** Facts from docs.github.com/en/rest: repos/repos, issues/issues, issues/comments, pulls/pulls, pulls/reviews, search/search, repos/contents. */
export const githubRoutes: ApiRoute[] = [
  get('/user/repos', listRepositories),
  get(
    repos,
    inRepository((call, repository) => json(200, presentRepository(call, repository))),
  ),
  get(`${repos}/readme`, readme),
  get(`${repos}/issues`, listIssues(false)),
  write('POST', `${repos}/issues`, createIssue),
  get(
    `${repos}/issues/:number`,
    withIssue(false, (call, repository, issue) => json(200, presentIssue(call, repository, issue))),
  ),
  write('PATCH', `${repos}/issues/:number`, updateIssue),
  get(`${repos}/issues/:number/comments`, listComments),
  write('POST', `${repos}/issues/:number/comments`, createComment),
  get(`${repos}/pulls`, listIssues(true)),
  get(
    `${repos}/pulls/:number`,
    withIssue(true, (call, repository, issue) => json(200, presentPull(call, repository, issue, true))),
  ),
  get(
    `${repos}/pulls/:number/files`,
    withIssue(true, (call) => json(200, paged(call, files))),
  ),
  get(`${repos}/pulls/:number/reviews`, reviews),
  get('/search/issues', searchIssues),
  get('/search/code', searchCode),
  get('/search/repositories', searchRepositories),
]
