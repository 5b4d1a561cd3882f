import type { Tool, ToolArgument } from '../tool.ts'
import { issueBrief, limit, owner, page, repo } from './github-arguments.ts'
import { addIssueComment, createIssue, getIssue, listIssues, updateIssue } from './github-issues.ts'
import { getPullRequest, listPullRequestFiles, listPullRequests } from './github-pulls.ts'

const repository = `
  owner: owner.login, repo: name, description: description, private: private, default_branch: default_branch,
  language: language, stars: stargazers_count, open_issues: open_issues_count, archived: (archived ? \`true\` : \`null\`),
  fork: (fork ? \`true\` : \`null\`), pushed_at: pushed_at, url: html_url`

const listRepositories: Tool = {
  name: 'list_repositories',
  title: 'List repositories',
  description:
    'Lists the repositories that the person owns, works on or sees by an organization, the last changed first. Private ones are in it only where that was allowed.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      visibility: {
        type: 'string',
        description: 'Which ones.',
        enum: ['all', 'public', 'private'],
        default: 'all',
      },
      limit: limit('repositories'),
      page,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/user/repos',
      query: { visibility: 'visibility', sort: "'updated'", per_page: 'limit', page: 'page' },
    },
  ],
  output: `{repositories: answer[].{${repository}}, next_page: (length(answer) == limit ? page + \`1\` : \`null\`)}`,
}

const getRepository: Tool = {
  name: 'get_repository',
  title: 'Get a repository',
  description:
    'Gives one repository: what it is, its default branch, topics, license, figures, and the start of its README.',
  access: 'read',
  input: {
    type: 'object',
    properties: { owner, repo },
    required: ['owner', 'repo'],
    additionalProperties: false,
  },
  steps: [
    { method: 'GET', path: '/repos/{owner}/{repo}' },
    {
      as: 'readme',
      optional: true,
      method: 'GET',
      path: '/repos/{owner}/{repo}/readme',
      headers: { accept: 'application/vnd.github.raw+json' },
      answer: 'text',
    },
  ],
  output: `merge(answer.{${repository},
    homepage: (homepage == '' ? \`null\` : homepage), topics: topics, license: license.spdx_id, forks: forks_count, created_at: created_at,
    issues_enabled: has_issues, may_push: permissions.push
  }, {readme: cut(readme, \`5000\`)})`,
}

const query = (description: string): ToolArgument => ({
  type: 'string',
  description,
  minLength: 1,
  maxLength: 256,
})

// Search pages as far as its 1,000th hit.
const found = (items: string) =>
  `{${items}, total: answer.total_count, incomplete: (answer.incomplete_results ? \`true\` : \`null\`),
  next_page: (page * limit < answer.total_count && page * limit < \`1000\` ? page + \`1\` : \`null\`)}`

const searchIssues: Tool = {
  name: 'search_issues',
  title: 'Search issues and pull requests',
  description:
    'Finds issues, or pull requests, over all repositories that the person sees. Read one with get_issue or get_pull_request.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: query(
        'Words and qualifiers of GitHub: repo:owner/name, org:, is:open, is:closed, author:@me, assignee:LOGIN, label:"bug", in:title, updated:>=2026-03-01.',
      ),
      kind: {
        type: 'string',
        description: 'What is looked for.',
        enum: ['issue', 'pull_request'],
        default: 'issue',
      },
      sort: {
        type: 'string',
        description: 'By what they are ordered. Left out: the best match first.',
        enum: ['created', 'updated', 'comments'],
      },
      limit: limit('hits', 20, 50),
      page,
    },
    required: ['query'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/search/issues',
      query: {
        q: "join(' ', [query, kind == 'issue' ? 'is:issue' : 'is:pull-request'])",
        sort: 'sort',
        per_page: 'limit',
        page: 'page',
      },
    },
  ],
  output: found(
    `hits: answer.items[].{repository: join('/', split(repository_url, '/')[-2:]), ${issueBrief}, excerpt: cut(body, \`300\`)}`,
  ),
}

const searchCode: Tool = {
  name: 'search_code',
  title: 'Search code',
  description:
    'Finds files by what is in them, with the lines around each hit. Default branches only; at most 10 searches a minute.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: query(
        'Words of the code and qualifiers: repo:owner/name, org:, language:typescript, path:src, filename:package.json, extension:ts. At least one word.',
      ),
      limit: limit('files', 10, 50),
      page,
    },
    required: ['query'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/search/code',
      query: { q: 'query', per_page: 'limit', page: 'page' },
      headers: { accept: 'application/vnd.github.text-match+json' },
    },
  ],
  output: found(
    'hits: answer.items[].{repository: repository.full_name, path: path, excerpts: text_matches[].cut(fragment, `1000`), url: html_url}',
  ),
}

const searchRepositories: Tool = {
  name: 'search_repositories',
  title: 'Search repositories',
  description:
    'Finds repositories of GitHub by name, description, topic or README. Look into one with get_repository.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: query(
        'Words and qualifiers: user:LOGIN, org:, language:go, topic:oauth, stars:>100, in:name, archived:false.',
      ),
      sort: {
        type: 'string',
        description: 'By what they are ordered. Left out: the best match first.',
        enum: ['stars', 'forks', 'updated'],
      },
      limit: limit('repositories', 10, 50),
      page,
    },
    required: ['query'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: '/search/repositories',
      query: { q: 'query', sort: 'sort', per_page: 'limit', page: 'page' },
    },
  ],
  output: found(`hits: answer.items[].{${repository}}`),
}

export const githubTools: Tool[] = [
  listRepositories,
  getRepository,
  listIssues,
  getIssue,
  createIssue,
  updateIssue,
  addIssueComment,
  listPullRequests,
  getPullRequest,
  listPullRequestFiles,
  searchIssues,
  searchCode,
  searchRepositories,
]
