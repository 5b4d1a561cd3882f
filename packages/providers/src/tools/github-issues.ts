import type { Tool, ToolArgument } from '../tool.ts'
import { issueBrief, issueNumber, limit, markdown, nextPage, owner, page, repo } from './github-arguments.ts'

const at = '/repos/{owner}/{repo}/issues'

const names = (description: string, maxItems: number): ToolArgument => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1, maxLength: 100 },
  maxItems,
})

const title: ToolArgument = { type: 'string', description: 'One line.', minLength: 1, maxLength: 256 }
const whole = `{
  owner: owner, repo: repo, number: answer.number, title: answer.title, state: answer.state,
  labels: answer.labels[].name, assignees: answer.assignees[].login, url: answer.html_url
}`

export const listIssues: Tool = {
  name: 'list_issues',
  title: 'List issues',
  description:
    'Lists the issues of a repository, newest first; pull requests are not in it. Read one with get_issue. To find issues by words use search_issues.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      owner,
      repo,
      state: {
        type: 'string',
        description: 'Which ones.',
        enum: ['open', 'closed', 'all'],
        default: 'open',
      },
      labels: names('Only issues that have all of these labels.', 20),
      assignee: {
        type: 'string',
        description: 'Only issues of this person, by login; none for those of nobody.',
        maxLength: 100,
      },
      since: {
        type: 'string',
        description: 'Only issues changed since this time. ISO 8601 in UTC, like 2026-03-01T09:00:00Z.',
        maxLength: 40,
      },
      sort: {
        type: 'string',
        description: 'By what they are ordered.',
        enum: ['created', 'updated', 'comments'],
        default: 'created',
      },
      limit: limit('issues'),
      page,
    },
    required: ['owner', 'repo'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'GET',
      path: at,
      query: {
        state: 'state',
        labels: "labels && join(',', labels) || `null`",
        assignee: 'assignee',
        since: 'since',
        sort: 'sort',
        per_page: 'limit',
        page: 'page',
      },
    },
  ],
  // GitHub counts pull requests among the issues.
  output: `{issues: answer[?!pull_request].{${issueBrief}}, ${nextPage}}`,
}

export const getIssue: Tool = {
  name: 'get_issue',
  title: 'Get an issue',
  description:
    'Gives one issue with its text and its comments, oldest first. For a pull request use get_pull_request; its conversation is here too, by its number.',
  access: 'read',
  input: {
    type: 'object',
    properties: { owner, repo, issue_number: issueNumber, limit: limit('comments', 30), page },
    required: ['owner', 'repo', 'issue_number'],
    additionalProperties: false,
  },
  steps: [
    { as: 'issue', method: 'GET', path: `${at}/{issue_number}` },
    {
      method: 'GET',
      path: `${at}/{issue_number}/comments`,
      query: { per_page: 'limit', page: 'page' },
    },
  ],
  output: `merge(issue.{${issueBrief},
    body: cut(body, \`20000\`), state_reason: state_reason, milestone: milestone.title, closed_at: closed_at,
    is_pull_request: (pull_request ? \`true\` : \`null\`)
  }, {
    comments: answer[].{comment_id: id, author: user.login, created_at: created_at, body: cut(body, \`5000\`), url: html_url},
    comment_count: issue.comments, ${nextPage}
  })`,
}

export const createIssue: Tool = {
  name: 'create_issue',
  title: 'Create an issue',
  description: 'Opens an issue in a repository. Gives its number and link.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      owner,
      repo,
      title,
      body: markdown('The text.'),
      labels: names('Labels, by their names. Without the right to set them GitHub leaves them out.', 20),
      assignees: names('Logins of the people who shall do it.', 10),
    },
    required: ['owner', 'repo', 'title'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: at,
      body: '{title: title, body: body, labels: labels, assignees: assignees}',
    },
  ],
  output: whole,
}

export const updateIssue: Tool = {
  name: 'update_issue',
  title: 'Change an issue',
  description:
    'Changes what is given of an issue or a pull request, or closes or reopens it; the rest stays. Lists take the place of what was there.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: {
      owner,
      repo,
      issue_number: issueNumber,
      title,
      body: markdown('The whole text anew.'),
      state: { type: 'string', description: 'Close or reopen it.', enum: ['open', 'closed'] },
      state_reason: {
        type: 'string',
        description: 'Why it is closed, or reopened; together with state.',
        enum: ['completed', 'not_planned', 'duplicate', 'reopened'],
      },
      labels: names('All labels that it shall have; an empty list takes all away.', 50),
      assignees: names('Logins of all the people who shall do it; an empty list: nobody.', 10),
    },
    required: ['owner', 'repo', 'issue_number'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'PATCH',
      path: `${at}/{issue_number}`,
      body: '{title: title, body: body, state: state, state_reason: state_reason, labels: labels, assignees: assignees}',
    },
  ],
  output: whole,
}

export const addIssueComment: Tool = {
  name: 'add_issue_comment',
  title: 'Comment on an issue',
  description: 'Adds a comment to an issue or a pull request, as the person.',
  access: 'write',
  input: {
    type: 'object',
    properties: { owner, repo, issue_number: issueNumber, body: markdown('The comment.') },
    required: ['owner', 'repo', 'issue_number', 'body'],
    additionalProperties: false,
  },
  steps: [{ method: 'POST', path: `${at}/{issue_number}/comments`, body: '{body: body}' }],
  output: '{comment_id: answer.id, url: answer.html_url, created_at: answer.created_at}',
}
