import * as api from '@grantry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { invalid, notFound } from '../../errors.ts'
import { readPage, toList } from '../../http/cursor.ts'
import { datedFile, type FileFormat } from '../../http/dated-file.ts'
import { mount } from '../../http/mount.ts'
import { refusePart } from '../../http/narrowing.ts'
import type { Principal } from '../../http/principal.ts'
import { type Criteria, readCriteria, readOperatorCriteria, requireKeyInReach } from './criteria.ts'
import { exportReport } from './export-report.ts'
import { previewBreakGlass } from './preview.ts'
import { type BreakGlass, listBreakGlass, presentBreakGlass, readBreakGlass, type Scope } from './read.ts'
import { presentReported, type ReportFilter, readReport } from './report.ts'
import { startBreakGlass } from './start.ts'
import { workspacesOf } from './workspaces-of.ts'

type Query = { outcome?: api.BreakGlassOutcome | undefined; manual?: 'true' | 'false' | undefined }

export function breakGlassRoutes(app: FastifyInstance, ctx: Context): void {
  // What others began may be about services that a narrowed key does not reach.
  const ofWorkspace = ({ workspace, app, services, id }: Principal): Scope => ({
    workspace,
    app,
    actor: services === null ? null : id,
  })
  const ofOperator: Scope = { workspace: null, app: null, actor: null }

  mount(app, api.previewBreakGlass, async ({ principal, body }) => ({
    data: await previewBreakGlass(
      ctx,
      [principal.workspace],
      await readCriteria(ctx, principal, body.criteria),
    ),
  }))

  mount(app, api.startBreakGlass, async ({ principal, actor, body }) => {
    const criteria = await readCriteria(ctx, principal, body.criteria)
    refuseKey(body.delete_api_key, criteria)
    if (body.force) refusePart(principal, 'connections beyond its own, which force may end')
    if (body.delete_api_key) await requireKeyInReach(ctx, principal, criteria)
    const id = await startBreakGlass(ctx, {
      workspaces: [principal.workspace],
      byOperator: false,
      app: principal.app,
      actor,
      criteria,
      said: body.criteria,
      force: body.force,
      deleteApiKey: body.delete_api_key,
    })
    return { data: await show(ofWorkspace(principal), id) }
  })

  mount(app, api.listBreakGlass, async ({ principal, query }) => {
    const page = readPage(query)
    return toList(await listBreakGlass(ctx, ofWorkspace(principal), page), page, presentBreakGlass)
  })

  mount(app, api.getBreakGlass, async ({ principal, params }) => ({
    data: presentBreakGlass(await find(ofWorkspace(principal), params.id)),
  }))

  mount(app, api.listBreakGlassConnections, async ({ principal, params, query }) => {
    const page = readPage(query)
    const rows = await readReport(ctx, await filterOf(ofWorkspace(principal), params.id, query), page)
    return toList(rows, page, (row) => presentReported(ctx, row))
  })

  mount(app, api.exportBreakGlass, async ({ principal, params, query, request }) =>
    reportFile(request, await filterOf(ofWorkspace(principal), params.id, query), query.format),
  )

  // Without an operator's key these are not refused but absent.
  if (!ctx.config.operatorKey) return

  mount(app, api.previewOperatorBreakGlass, async ({ body }) => {
    const criteria = await readOperatorCriteria(ctx, body.criteria)
    return { data: await previewBreakGlass(ctx, await workspacesOf(ctx, body.criteria, criteria), criteria) }
  })

  mount(app, api.startOperatorBreakGlass, async ({ actor, body }) => {
    const criteria = await readOperatorCriteria(ctx, body.criteria)
    refuseKey(body.delete_api_key, criteria)
    const id = await startBreakGlass(ctx, {
      workspaces: await workspacesOf(ctx, body.criteria, criteria),
      byOperator: true,
      app: null,
      actor,
      criteria,
      said: body.criteria,
      force: body.force,
      deleteApiKey: body.delete_api_key,
    })
    return { data: await show(ofOperator, id) }
  })

  mount(app, api.listOperatorBreakGlass, async ({ query }) => {
    const page = readPage(query)
    return toList(await listBreakGlass(ctx, ofOperator, page), page, presentBreakGlass)
  })

  mount(app, api.getOperatorBreakGlass, async ({ params }) => ({
    data: presentBreakGlass(await find(ofOperator, params.id)),
  }))

  mount(app, api.listOperatorBreakGlassConnections, async ({ params, query }) => {
    const page = readPage(query)
    const rows = await readReport(ctx, await filterOf(ofOperator, params.id, query), page)
    return toList(rows, page, (row) => presentReported(ctx, row))
  })

  mount(app, api.exportOperatorBreakGlass, async ({ params, query, request }) =>
    reportFile(request, await filterOf(ofOperator, params.id, query), query.format),
  )

  async function find(scope: Scope, text: string): Promise<BreakGlass> {
    const id = api.decodeId('bgl', text)
    const found = id && (await readBreakGlass(ctx, scope, id))
    if (!found) throw notFound('break-glass revocation')
    return found
  }

  async function show(scope: Scope, id: string) {
    return presentBreakGlass(await find(scope, api.encodeId('bgl', id)))
  }

  async function filterOf(scope: Scope, text: string, { outcome, manual }: Query): Promise<ReportFilter> {
    const { id } = await find(scope, text)
    return { id, workspace: scope.workspace, outcome, manual: manual && manual === 'true' }
  }

  function reportFile(request: FastifyRequest, filter: ReportFilter, format: FileFormat) {
    return datedFile(ctx, request, exportReport(ctx, filter, format), { name: 'break-glass', format })
  }
}

function refuseKey(wanted: boolean, { apiKey }: Criteria): void {
  if (wanted && apiKey === null)
    throw invalid('delete_api_key', 'needs the key among the criteria: api_key_id')
}
