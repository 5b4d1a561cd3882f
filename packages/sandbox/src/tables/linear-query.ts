import { accounts } from '../accounts.ts'
import { type Answer, json } from '../answer.ts'
import { answerGraphql, GraphqlFault } from '../graphql-answer.ts'
import { parseGraphql } from '../graphql-document.ts'
import type { ApiCall } from '../provider-table.ts'
import { linearSchema } from './linear-schema.ts'
import { type Issue, labels, organization, projects, type Store, states, teams } from './linear-store.ts'

const invalid = (message: string, code = 'GRAPHQL_VALIDATION_FAILED'): Answer =>
  json(400, {
    errors: [{ message, extensions: { type: 'graphql error', code, statusCode: 400, userError: true } }],
  })

/** What an operation refuses comes with status 200. */
class Refusal extends Error {
  override readonly name = 'Refusal'
}

const absent = (what: string) => new Refusal(`Entity not found: ${what}`)

/** One operation over Linear's schema, as far as it is played. */
export const answerQuery = (call: ApiCall, query: string, variables: Record<string, unknown>): Answer => {
  const document = parseGraphql(query)
  if (!document) return invalid('Syntax Error: Unexpected token.', 'GRAPHQL_PARSE_FAILED')
  try {
    const root = document.kind === 'query' ? queriesOf(call) : mutationsOf(call)
    return json(200, { data: answerGraphql(linearSchema, document, variables, root) })
  } catch (error) {
    if (error instanceof GraphqlFault) return invalid(error.message)
    if (!(error instanceof Refusal)) throw error
    const entity = /: (\w+)$/.exec(error.message)?.[1] ?? 'entity'
    return json(200, {
      errors: [
        {
          message: error.message,
          path: [document.fields[0]!.as],
          locations: [{ line: 1, column: 1 }],
          extensions: {
            type: 'invalid input',
            code: 'INPUT_ERROR',
            statusCode: 400,
            userError: true,
            userPresentableMessage: `Could not find referenced ${entity}.`,
          },
        },
      ],
      data: null,
    })
  }
}

type Args = Record<string, unknown>
type Thing = Record<string, unknown>

const userOf = (call: ApiCall, number: number | null): Thing | null => {
  const account = accounts.find((one) => one.number === number)
  return account
    ? {
        id: `10472900-0000-4000-8000-0000000000e${number}`,
        name: account.name,
        displayName: account.given_name.toLowerCase(),
        email: account.email,
        active: true,
        isMe: account.number === call.account.number,
        organization,
      }
    : null
}

const teamOf = (id: string): Thing => {
  const team = teams.find((one) => one.id === id)!
  return {
    ...team,
    states: page(states.filter((state) => state.team === id)),
    labels: page(labels),
  }
}

const projectOf = (call: ApiCall, id: string | null): Thing | null => {
  const project = projects.find((one) => one.id === id)
  return project
    ? {
        ...project,
        url: `${call.base}/${organization.urlKey}/project/${project.id}`,
        lead: userOf(call, project.lead),
        teams: page([teamOf(teams[0]!.id)]),
        members: page([userOf(call, 1), userOf(call, 2)]),
        projectMilestones: page(project.milestones),
      }
    : null
}

const priorities = ['No priority', 'Urgent', 'High', 'Medium', 'Low']
const identifierOf = ({ team, number }: Issue) => `${teams.find(({ id }) => id === team)!.key}-${number}`

const issueOf = (call: ApiCall, issue: Issue | undefined): Thing | null => {
  if (!issue) return null
  const { issues } = call.data as Store
  const identifier = identifierOf(issue)
  const url = `${call.base}/${organization.urlKey}/issue/${identifier}`
  const commentOf = (index: number): Thing => {
    const comment = issue.comments[index]!
    const above = issue.comments.findIndex(({ id }) => id === comment.parent)
    return {
      id: comment.id,
      body: comment.body,
      url: `${url}#comment-${comment.id}`,
      createdAt: comment.createdAt,
      user: userOf(call, comment.user),
      parent: above < 0 ? null : commentOf(above),
    }
  }
  return {
    ...issue,
    identifier,
    url,
    branchName: `ada/${identifier.toLowerCase()}`,
    priorityLabel: priorities[issue.priority],
    state: states.find(({ id }) => id === issue.state),
    team: teamOf(issue.team),
    assignee: userOf(call, issue.assignee),
    creator: userOf(call, issue.creator),
    project: projectOf(call, issue.project),
    parent: () =>
      issueOf(
        call,
        issues.find(({ id }) => id === issue.parent),
      ),
    labels: page(labels.filter(({ id }) => issue.labels.includes(id))),
    // Comments come newest first.
    comments: page(issue.comments.map((_, index) => commentOf(index)).toReversed()),
    children: (args: Args) =>
      page(issues.filter(({ parent }) => parent === issue.id).map((child) => issueOf(call, child)))(args),
    attachments: page(issue.attachments),
  }
}

/** A connection (relay.dev/graphql/connections.htm), 50 long unless another length is asked for. */
const page =
  (items: readonly unknown[]) =>
  ({ first = 50, after }: Args): Thing => {
    const start = typeof after === 'string' ? Number(/^cursor-(\d+)$/.exec(after)?.[1] ?? Number.NaN) : 0
    if (Number.isNaN(start)) throw new Refusal('Argument Validation Error: after is not a cursor')
    const end = start + Number(first)
    return {
      nodes: items.slice(start, end),
      pageInfo: {
        hasNextPage: end < items.length,
        endCursor: items.length > start ? `cursor-${Math.min(end, items.length)}` : null,
      },
      totalCount: items.length,
    }
  }

/** Facts from linear.app/developers/filtering: what is given must all be so. */
const passes = (value: unknown, filter: unknown): boolean =>
  Object.entries((filter ?? {}) as Args).every(([name, wanted]) => {
    if (name === 'and') return (wanted as unknown[]).every((one) => passes(value, one))
    if (name === 'or') return (wanted as unknown[]).some((one) => passes(value, one))
    if (name === 'null') return (value === null) === wanted
    if (name === 'some') return (value as unknown[]).some((one) => passes(one, wanted))
    const lower = (one: unknown) => String(one).toLowerCase()
    if (name === 'eq') return value === wanted
    if (name === 'in') return (wanted as unknown[]).includes(value)
    if (name === 'eqIgnoreCase') return lower(value) === lower(wanted)
    if (name === 'contains') return String(value).includes(String(wanted))
    if (name === 'containsIgnoreCase') return lower(value).includes(lower(wanted))
    if (name === 'gte') return Date.parse(String(value)) >= Date.parse(String(wanted))
    if (name === 'lte') return Date.parse(String(value)) <= Date.parse(String(wanted))
    if (typeof value !== 'object' || value === null) return false
    const held = (value as Thing)[name]
    return passes(typeof held === 'function' ? held({}).nodes : (held ?? null), wanted)
  })

const newestFirst = (items: (Thing | null)[], orderBy: unknown) => {
  const by = orderBy === 'updatedAt' ? 'updatedAt' : 'createdAt'
  return items.toSorted((one, other) => String(other?.[by]).localeCompare(String(one?.[by])))
}

const findIssue = ({ data }: ApiCall, id: unknown): Issue => {
  const { issues } = data as Store
  const issue = issues.find((one) => one.id === id || identifierOf(one) === id)
  if (!issue) throw absent('Issue')
  return issue
}

const queriesOf = (call: ApiCall): Thing => {
  const { issues } = call.data as Store
  const all = () => issues.map((issue) => issueOf(call, issue))
  return {
    viewer: userOf(call, call.account.number),
    organization,
    issue: ({ id }: Args) => issueOf(call, findIssue(call, id)),
    issues: (args: Args) =>
      page(
        newestFirst(
          all().filter((issue) => passes(issue, args.filter)),
          args.orderBy,
        ),
      )(args),
    searchIssues: (args: Args) =>
      page(
        all().filter((issue) => {
          const comments = args.includeComments ? (issue!.comments as ReturnType<typeof page>)({}).nodes : []
          const said = [issue!.title, issue!.description, ...(comments as Thing[]).map(({ body }) => body)]
          return said.join(' ').toLowerCase().includes(String(args.term).toLowerCase())
        }),
      )(args),
    project: ({ id }: Args) => {
      const project = projectOf(call, String(id))
      if (!project) throw absent('Project')
      return project
    },
    projects: (args: Args) =>
      page(
        newestFirst(
          projects.map(({ id }) => projectOf(call, id)).filter((project) => passes(project, args.filter)),
          args.orderBy,
        ),
      )(args),
    teams: (args: Args) =>
      page(teams.map(({ id }) => teamOf(id)).filter((team) => passes(team, args.filter)))(args),
    users: (args: Args) =>
      page(accounts.map(({ number }) => userOf(call, number)).filter((user) => passes(user, args.filter)))(
        args,
      ),
  }
}

const uuidOf = (kind: string, number: number) =>
  `10472900-0000-4000-8000-${kind}${String(number).padStart(11, '0')}`

/** The fields of an input that were given, put into the issue. Ids must be of something. */
const put = (call: ApiCall, issue: Issue, input: Args): void => {
  const known: [field: string, what: string, ids: readonly { id: unknown }[]][] = [
    ['stateId', 'WorkflowState', states.filter(({ team }) => team === issue.team)],
    ['assigneeId', 'User', accounts.map(({ number }) => userOf(call, number) as { id: unknown })],
    ['projectId', 'Project', projects],
  ]
  for (const [field, what, list] of known)
    if (input[field] !== undefined && !list.some(({ id }) => id === input[field])) throw absent(what)
  for (const name of ['labelIds', 'addedLabelIds', 'removedLabelIds'])
    for (const label of (input[name] ?? []) as string[])
      if (!labels.some(({ id }) => id === label)) throw absent('IssueLabel')
  for (const name of ['title', 'description', 'priority', 'dueDate', 'estimate'] as const)
    if (input[name] !== undefined) Object.assign(issue, { [name]: input[name] })
  if (input.stateId) {
    issue.state = String(input.stateId)
    const done = states.find(({ id }) => id === issue.state)!.type === 'completed'
    issue.completedAt = done ? new Date(call.now).toISOString() : null
  }
  if (input.assigneeId) issue.assignee = Number(String(input.assigneeId).at(-1))
  if (input.projectId) issue.project = String(input.projectId)
  if (input.parentId) issue.parent = findIssue(call, input.parentId).id
  if (input.labelIds) issue.labels = input.labelIds as string[]
  const removed = (input.removedLabelIds ?? []) as string[]
  issue.labels = [...new Set([...issue.labels, ...((input.addedLabelIds ?? []) as string[])])].filter(
    (id) => !removed.includes(id),
  )
  issue.updatedAt = new Date(call.now).toISOString()
}

const mutationsOf = (call: ApiCall): Thing => ({
  issueCreate: ({ input }: { input: Args }) => {
    const { issues } = call.data as Store
    const team = teams.find(({ id }) => id === input.teamId)
    if (!team) throw absent('Team')
    const now = new Date(call.now).toISOString()
    const issue: Issue = {
      id: uuidOf('d', issues.length + 1),
      number: Math.max(0, ...issues.filter((one) => one.team === team.id).map(({ number }) => number)) + 1,
      title: '',
      description: null,
      priority: 0,
      estimate: null,
      dueDate: null,
      state: states.find((state) => state.team === team.id)!.id,
      team: team.id,
      assignee: null,
      creator: call.account.number,
      project: null,
      parent: null,
      labels: [],
      comments: [],
      attachments: [],
      createdAt: now,
      updatedAt: now,
      completedAt: null,
    }
    put(call, issue, input)
    issues.push(issue)
    call.send({
      kind: 'issue',
      summary: `issue created: ${issue.title}`,
      detail: { id: issue.id, title: issue.title, description: issue.description },
    })
    return { success: true, issue: issueOf(call, issue) }
  },
  issueUpdate: ({ id, input }: { id: string; input: Args }) => {
    const issue = findIssue(call, id)
    put(call, issue, input)
    call.send({ kind: 'issue', summary: `issue changed: ${issue.title}`, detail: { id: issue.id, ...input } })
    return { success: true, issue: issueOf(call, issue) }
  },
  commentCreate: ({ input }: { input: Args }) => {
    const issue = findIssue(call, input.issueId)
    if (input.parentId !== undefined && !issue.comments.some(({ id }) => id === input.parentId))
      throw absent('Comment')
    const comment = {
      id: uuidOf('c', issue.number * 1000 + issue.comments.length + 1),
      body: String(input.body ?? ''),
      user: call.account.number,
      parent: (input.parentId as string | undefined) ?? null,
      createdAt: new Date(call.now).toISOString(),
    }
    issue.comments.push(comment)
    call.send({ kind: 'comment', summary: `comment on ${identifierOf(issue)}`, detail: { ...comment } })
    const shown = issueOf(call, issue)!.comments as ReturnType<typeof page>
    return { success: true, comment: (shown({}).nodes as Thing[]).find(({ id }) => id === comment.id) }
  },
})
