import type { ToolArgument } from '../tool.ts'

/** What most tools of GitHub take. */
export const owner: ToolArgument = {
  type: 'string',
  description: 'Login of the person or organization that the repository belongs to.',
  pattern: '^[A-Za-z0-9_-]{1,100}$',
}

export const repo: ToolArgument = {
  type: 'string',
  description: 'Name of the repository, without its owner.',
  pattern: '^[A-Za-z0-9._-]{1,100}$',
}

export const issueNumber: ToolArgument = {
  type: 'integer',
  description: 'Number of the issue within its repository.',
  minimum: 1,
}

export const pullNumber: ToolArgument = {
  type: 'integer',
  description: 'Number of the pull request within its repository.',
  minimum: 1,
}

export const page: ToolArgument = {
  type: 'integer',
  description: 'Which page, from 1; next_page of the answer before.',
  minimum: 1,
  maximum: 1000,
  default: 1,
}

export const limit = (what: string, normal = 20, most = 100): ToolArgument => ({
  type: 'integer',
  description: `How many ${what} a page has at most, 1 to ${most}.`,
  minimum: 1,
  maximum: most,
  default: normal,
})

export const markdown = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} In Markdown, at most 65,536 characters.`,
  maxLength: 65_536,
})

/** A full page may be followed by another: GitHub says so in a header alone. */
export const nextPage = 'next_page: (length(answer) == limit ? page + `1` : `null`)'

/** What a list tells of an issue or pull request. */
export const issueBrief = `
  number: number, title: title, state: state, author: user.login, labels: labels[].name, assignees: assignees[].login,
  comments: comments, created_at: created_at, updated_at: updated_at, url: html_url`
