import type { Tool, ToolArgument } from '../tool.ts'

const issueId: ToolArgument = {
  type: 'string',
  description: 'The issue, by its identifier like ENG-123, or its id.',
  minLength: 1,
  maxLength: 64,
}

const uuid = (description: string): ToolArgument => ({
  type: 'string',
  description,
  minLength: 1,
  maxLength: 64,
})

const limit = (what: string, normal: number, most: number): ToolArgument => ({
  type: 'integer',
  description: `How many ${what} at most, 1 to ${most}.`,
  minimum: 1,
  maximum: most,
  default: normal,
})

const cursor: ToolArgument = {
  type: 'string',
  description:
    'The next_cursor of the answer before, with the same other arguments, to go on where that ended.',
  maxLength: 200,
}

const markdown = (description: string): ToolArgument => ({
  type: 'string',
  description: `${description} In Markdown, at most 100,000 characters.`,
  maxLength: 100_000,
})

const next = (list: string) =>
  `next_cursor: (answer.data.${list}.pageInfo.hasNextPage ? answer.data.${list}.pageInfo.endCursor : \`null\`)`

const briefFields = `id identifier title priorityLabel dueDate createdAt updatedAt url
      state { name type } team { key } assignee { name email } project { id name } labels(first: 20) { nodes { name } }`

const brief = `
  issue_id: identifier, title: title, state: state.name, state_type: state.type, priority: priorityLabel, team: team.key,
  assignee: assignee.name, assignee_email: assignee.email, project: project.name, project_id: project.id,
  labels: labels.nodes[].name, due_date: dueDate, created_at: createdAt, updated_at: updatedAt, url: url`

const listIssues: Tool = {
  name: 'list_issues',
  title: 'List issues',
  description:
    'Lists issues that pass all that is given, the last changed first. Read one with get_issue. To find issues by words use search_issues.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      team_key: {
        type: 'string',
        description: 'Only issues of this team, by its key like ENG.',
        maxLength: 20,
      },
      assignee: {
        type: 'string',
        description: 'Only issues of this person: me, nobody, or an email address.',
        maxLength: 320,
      },
      state: { type: 'string', description: 'Only issues in the state of this name.', maxLength: 100 },
      state_type: {
        type: 'string',
        description: 'Only issues in a state of this kind.',
        enum: ['triage', 'backlog', 'unstarted', 'started', 'completed', 'canceled'],
      },
      label: { type: 'string', description: 'Only issues with the label of this name.', maxLength: 100 },
      project_id: uuid('Only issues of this project, by its id as list_projects gives it.'),
      updated_since: {
        type: 'string',
        description: 'Only issues changed since this time. ISO 8601, like 2026-03-01T09:00:00Z.',
        maxLength: 40,
      },
      limit: limit('issues', 20, 50),
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Issues($filter: IssueFilter, $first: Int, $after: String) {
  issues(filter: $filter, first: $first, after: $after, orderBy: updatedAt) {
    nodes {
      ${briefFields}
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      // An empty filter of a relation would ask that there be one: what is not given must leave nothing behind.
      body: `{
        first: limit, after: cursor,
        filter: {
          team: (team_key ? {key: {eqIgnoreCase: team_key}} : \`null\`),
          assignee: (assignee == 'me' ? {isMe: {eq: \`true\`}} : assignee == 'nobody' ? {null: \`true\`}
            : assignee ? {email: {eqIgnoreCase: assignee}} : \`null\`),
          state: (state || state_type ? {
            name: (state ? {eqIgnoreCase: state} : \`null\`), type: (state_type ? {eq: state_type} : \`null\`)
          } : \`null\`),
          labels: (label ? {some: {name: {eqIgnoreCase: label}}} : \`null\`),
          project: (project_id ? {id: {eq: project_id}} : \`null\`),
          updatedAt: (updated_since ? {gte: updated_since} : \`null\`)
        }
      }`,
    },
  ],
  output: `{issues: answer.data.issues.nodes[].{${brief}}, ${next('issues')}}`,
}

const searchIssues: Tool = {
  name: 'search_issues',
  title: 'Search issues',
  description:
    'Finds issues by words of their titles, texts and comments, the best match first. Read one with get_issue.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'What is looked for.', minLength: 1, maxLength: 500 },
      limit: limit('issues', 10, 50),
      cursor,
    },
    required: ['query'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Search($term: String!, $first: Int, $after: String) {
  searchIssues(term: $term, first: $first, after: $after, includeComments: true) {
    nodes {
      ${briefFields}
    }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}`,
      body: '{term: query, first: limit, after: cursor}',
    },
  ],
  output: `{
    issues: answer.data.searchIssues.nodes[].{${brief}}, total: answer.data.searchIssues.totalCount, ${next('searchIssues')}
  }`,
}

const getIssue: Tool = {
  name: 'get_issue',
  title: 'Get an issue',
  description: 'Gives one issue with its text, comments (50 at most), sub-issues and attached links.',
  access: 'read',
  input: {
    type: 'object',
    properties: { issue_id: issueId },
    required: ['issue_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Issue($id: String!) {
  issue(id: $id) {
    ${briefFields}
    description estimate branchName completedAt
    creator { name }
    parent { identifier title }
    children(first: 50) { nodes { identifier title state { name } } }
    attachments(first: 20) { nodes { title url } }
    comments(first: 50) { nodes { id body createdAt url user { name } parent { id } } }
  }
}`,
      body: '{id: issue_id}',
    },
  ],
  output: `answer.data.issue.{${brief},
    id: id, description: (description == '' ? \`null\` : cut(description, \`20000\`)), estimate: estimate, branch: branchName, completed_at: completedAt,
    creator: creator.name, parent_issue_id: parent.identifier,
    sub_issues: children.nodes[].{issue_id: identifier, title: title, state: state.name},
    links: attachments.nodes[].{title: title, url: url},
    comments: comments.nodes[].{
      comment_id: id, author: user.name, created_at: createdAt, body: cut(body, \`5000\`), reply_to_comment_id: parent.id, url: url
    }
  }`,
}

const priority: ToolArgument = {
  type: 'integer',
  description: '0 none, 1 urgent, 2 high, 3 medium, 4 low.',
  minimum: 0,
  maximum: 4,
}

const dueDate: ToolArgument = {
  type: 'string',
  description: 'Day by which it shall be done, like 2026-03-01.',
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
}

const details: Record<string, ToolArgument> = {
  description: markdown('The text.'),
  priority,
  state_id: uuid('State, by its id as list_teams gives it.'),
  assignee_id: uuid('Who shall do it, by the id that search_users gives.'),
  project_id: uuid('Project, by its id as list_projects gives it.'),
  due_date: dueDate,
  estimate: { type: 'integer', description: 'Points, on the scale of the team.', minimum: 0, maximum: 100 },
  parent_issue_id: { ...issueId, description: 'The issue that this one is a part of, like ENG-123.' },
}

const detailsInput = `
  description: description, priority: priority, stateId: state_id, assigneeId: assignee_id, projectId: project_id,
  dueDate: due_date, estimate: estimate, parentId: parent_issue_id`

const labelIds = (description: string): ToolArgument => ({
  type: 'array',
  description,
  items: { type: 'string', minLength: 1, maxLength: 64 },
  maxItems: 50,
})

const title: ToolArgument = { type: 'string', description: 'One line.', minLength: 1, maxLength: 500 }

const createIssue: Tool = {
  name: 'create_issue',
  title: 'Create an issue',
  description:
    'Makes an issue in a team. Gives its identifier and link. Ids of teams, states and labels come from list_teams.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      team_id: uuid('Team, by its id as list_teams gives it.'),
      title,
      ...details,
      label_ids: labelIds('Labels, by their ids as list_teams gives them.'),
    },
    required: ['team_id', 'title'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `mutation CreateIssue($input: IssueCreateInput!) {
  issueCreate(input: $input) {
    success
    issue {
      ${briefFields}
    }
  }
}`,
      body: `{input: {teamId: team_id, title: title, labelIds: label_ids, ${detailsInput}}}`,
    },
  ],
  output: `answer.data.issueCreate.issue.{${brief}}`,
}

const updateIssue: Tool = {
  name: 'update_issue',
  title: 'Change an issue',
  description:
    'Changes what is given of an issue; the rest stays. To close it give the state_id of a completed or canceled state.',
  access: 'write',
  destructive: true,
  idempotent: true,
  input: {
    type: 'object',
    properties: {
      issue_id: issueId,
      title,
      ...details,
      add_label_ids: labelIds('Labels that it gets, by their ids as list_teams gives them.'),
      remove_label_ids: labelIds('Labels that it loses, by their ids.'),
    },
    required: ['issue_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `mutation UpdateIssue($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) {
    success
    issue {
      ${briefFields}
    }
  }
}`,
      body: `{id: issue_id, input: {title: title, addedLabelIds: add_label_ids, removedLabelIds: remove_label_ids, ${detailsInput}}}`,
    },
  ],
  output: `answer.data.issueUpdate.issue.{${brief}}`,
}

const addComment: Tool = {
  name: 'add_comment',
  title: 'Comment on an issue',
  description: 'Adds a comment to an issue, as the person, or a reply to a comment.',
  access: 'write',
  input: {
    type: 'object',
    properties: {
      issue_id: issueId,
      body: { ...markdown('The comment.'), minLength: 1 },
      reply_to_comment_id: uuid('The comment that is replied to, by its id as get_issue gives it.'),
    },
    required: ['issue_id', 'body'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `mutation AddComment($input: CommentCreateInput!) {
  commentCreate(input: $input) {
    success
    comment { id url createdAt }
  }
}`,
      body: '{input: {issueId: issue_id, body: body, parentId: reply_to_comment_id}}',
    },
  ],
  output: 'answer.data.commentCreate.comment.{comment_id: id, url: url, created_at: createdAt}',
}

const projectFields = `id name description url status { name type } health progress startDate targetDate updatedAt
      lead { name email } teams(first: 10) { nodes { key } }`

const projectBrief = `
  project_id: id, name: name, summary: (description == '' ? \`null\` : description), status: status.name, status_type: status.type,
  health: health, progress: progress, start_date: startDate, target_date: targetDate, updated_at: updatedAt,
  lead: lead.name, lead_email: lead.email, teams: teams.nodes[].key, url: url`

const listProjects: Tool = {
  name: 'list_projects',
  title: 'List projects',
  description:
    'Lists projects, the last changed first. Read one with get_project, its issues with list_issues.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Only projects with this in their names.', maxLength: 200 },
      status_type: {
        type: 'string',
        description: 'Only projects in a status of this kind.',
        enum: ['backlog', 'planned', 'started', 'paused', 'completed', 'canceled'],
      },
      limit: limit('projects', 20, 50),
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Projects($filter: ProjectFilter, $first: Int, $after: String) {
  projects(filter: $filter, first: $first, after: $after, orderBy: updatedAt) {
    nodes {
      ${projectFields}
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      body: `{
        first: limit, after: cursor,
        filter: {
          name: (name ? {containsIgnoreCase: name} : \`null\`),
          status: (status_type ? {type: {eq: status_type}} : \`null\`)
        }
      }`,
    },
  ],
  output: `{projects: answer.data.projects.nodes[].{${projectBrief}}, ${next('projects')}}`,
}

const getProject: Tool = {
  name: 'get_project',
  title: 'Get a project',
  description:
    'Gives one project with its text, people and milestones. Its issues are in list_issues by project_id.',
  access: 'read',
  input: {
    type: 'object',
    properties: { project_id: uuid('Id of the project, as list_projects gives it.') },
    required: ['project_id'],
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Project($id: String!) {
  project(id: $id) {
    ${projectFields}
    content
    members(first: 50) { nodes { name email } }
    projectMilestones(first: 50) { nodes { name targetDate } }
  }
}`,
      body: '{id: project_id}',
    },
  ],
  output: `answer.data.project.{${projectBrief},
    content: (content == '' ? \`null\` : cut(content, \`20000\`)), members: members.nodes[].{name: name, email: email},
    milestones: projectMilestones.nodes[].{name: name, target_date: targetDate}
  }`,
}

const listTeams: Tool = {
  name: 'list_teams',
  title: 'List teams',
  description:
    'Lists teams with the ids of their states and labels: what create_issue and update_issue take.',
  access: 'read',
  input: {
    type: 'object',
    properties: { limit: limit('teams', 10, 25), cursor },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Teams($first: Int, $after: String) {
  teams(first: $first, after: $after) {
    nodes {
      id key name description
      states(first: 50) { nodes { id name type } }
      labels(first: 100) { nodes { id name } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      body: '{first: limit, after: cursor}',
    },
  ],
  output: `{
    teams: answer.data.teams.nodes[].{
      team_id: id, key: key, name: name, description: (description == '' ? \`null\` : description),
      states: states.nodes[].{state_id: id, name: name, type: type}, labels: labels.nodes[].{label_id: id, name: name}
    },
    ${next('teams')}
  }`,
}

const searchUsers: Tool = {
  name: 'search_users',
  title: 'Search people',
  description:
    'Finds people of the workspace by a part of name or email address; gives their ids, for assignee_id.',
  access: 'read',
  input: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        description: 'A part of a name or email address. Left out: everybody.',
        maxLength: 200,
      },
      limit: limit('people', 20, 100),
      cursor,
    },
    additionalProperties: false,
  },
  steps: [
    {
      method: 'POST',
      path: '/graphql',
      graphql: `query Users($filter: UserFilter, $first: Int, $after: String) {
  users(filter: $filter, first: $first, after: $after) {
    nodes { id name displayName email active isMe }
    pageInfo { hasNextPage endCursor }
  }
}`,
      body: `{
        first: limit, after: cursor,
        filter: (query ? {or: [
          {name: {containsIgnoreCase: query}}, {displayName: {containsIgnoreCase: query}}, {email: {containsIgnoreCase: query}}
        ]} : \`null\`)
      }`,
    },
  ],
  output: `{
    users: answer.data.users.nodes[].{
      user_id: id, name: name, display_name: displayName, email: email,
      is_me: (isMe ? \`true\` : \`null\`), deactivated: (active ? \`null\` : \`true\`)
    },
    ${next('users')}
  }`,
}

export const linearTools: Tool[] = [
  listIssues,
  searchIssues,
  getIssue,
  createIssue,
  updateIssue,
  addComment,
  listProjects,
  getProject,
  listTeams,
  searchUsers,
]

const statuses = {
  AUTHENTICATION_ERROR: 401,
  FORBIDDEN: 403,
  FEATURE_NOT_ACCESSIBLE: 403,
  RATELIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
}

/** What went wrong comes in `errors`, with status 200 too; the sentence for people says more than the one for machines. */
export const linearFailure = `errors ? {
  status: (starts_with(errors[0].message || '', 'Entity not found') ? \`404\`
    : not_null(items(\`${JSON.stringify(statuses)}\`)[?@[0] == $.errors[0].extensions.code] | [0][1], \`400\`)),
  message: join(': ', [errors[0].message, errors[0].extensions.userPresentableMessage][?@])
} : \`null\``
