import type { Tool } from '../tool.ts'
import { limit, nextPage, owner, page, pullNumber, repo } from './github-arguments.ts'

const at = '/repos/{owner}/{repo}/pulls'

const brief = `
  number: number, title: title, state: state, draft: draft, author: user.login, from_branch: head.ref, into_branch: base.ref,
  labels: labels[].name, created_at: created_at, updated_at: updated_at, merged_at: merged_at, url: html_url`

export const listPullRequests: Tool = {
  name: 'list_pull_requests',
  title: 'List pull requests',
  description:
    'Lists the pull requests of a repository, newest first. Look into one with get_pull_request and list_pull_request_files.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      owner,
      repo,
      state: {
        type: 'string',
        description: 'Which ones; merged ones are closed.',
        enum: ['open', 'closed', 'all'],
        default: 'open',
      },
      into_branch: { type: 'string', description: 'Only those into this branch, like main.', maxLength: 250 },
      limit: limit('pull requests'),
      page,
    },
    required: ['owner', 'repo'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: at,
      query: { state: 'state', base: 'into_branch', per_page: 'limit', page: 'page' },
    },
  ],
  output: `{pull_requests: answer[].{${brief}}, ${nextPage}}`,
}

export const getPullRequest: Tool = {
  name: 'get_pull_request',
  title: 'Get a pull request',
  description:
    'Gives one pull request: its text, branches, size, whether it can be merged, and the reviews. ' +
    'Its conversation is in get_issue by the same number, its changes in list_pull_request_files.',
  access: 'read',
  input: {
    type: 'object',
    properties: { owner, repo, pull_number: pullNumber },
    required: ['owner', 'repo', 'pull_number'],
    additionalProperties: false,
  },
  steps: [
    { as: 'pull', method: 'GET', path: `${at}/{pull_number}` },
    { as: 'reviews', method: 'GET', path: `${at}/{pull_number}/reviews`, query: { per_page: '`50`' } },
  ],
  output: `merge(pull.{${brief},
    body: cut(body, \`20000\`), mergeable: mergeable, merge_state: mergeable_state, merged_by: merged_by.login,
    assignees: assignees[].login, reviewers_asked: requested_reviewers[].login,
    commits: commits, changed_files: changed_files, additions: additions, deletions: deletions, comments: comments
  }, {
    reviews: reviews[].{author: user.login, state: state, body: (body == '' ? \`null\` : cut(body, \`5000\`)), submitted_at: submitted_at}
  })`,
}

export const listPullRequestFiles: Tool = {
  name: 'list_pull_request_files',
  title: 'List the changes of a pull request',
  description:
    'Lists the files that a pull request changes, with lines added and removed and the diff of each, cut where it is long.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      owner,
      repo,
      pull_number: pullNumber,
      with_diff: { type: 'boolean', description: 'Give the diffs too.', default: true },
      limit: limit('files', 30),
      page,
    },
    required: ['owner', 'repo', 'pull_number'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: `${at}/{pull_number}/files`,
      query: { per_page: 'limit', page: 'page' },
    },
  ],
  output: `let $diff = with_diff in {
  files: answer[].{
    path: filename, previous_path: previous_filename, status: status, additions: additions, deletions: deletions,
    diff: ($diff ? cut(patch, \`4000\`) : \`null\`)
  },
  ${nextPage}
}`,
}
