import * as api from '@grantry/api'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { problem } from '../errors.ts'
import { mount } from '../http/mount.ts'
import { readIntegration } from '../integrations/find.ts'
import { beginExport, exportLines } from './export.ts'
import { createSeal } from './seal-lines.ts'

export function exportRoutes(app: FastifyInstance, ctx: Context): void {
  mount(app, api.exportConnections, async ({ principal, actor, body, request }) => {
    if (principal.endUser !== null || principal.connections !== null)
      throw problem('insufficient_scope', 'Connections of several people are taken along with an API key.')
    const { recipients } = body
    const integration =
      body.integration === undefined
        ? null
        : (await readIntegration(ctx, principal, body.integration, 'integration')).id
    const wanted = { principal, actor, integration, recipients }
    const seal = await createSeal(recipients)
    await beginExport(ctx, wanted)
    const file = await seal(exportLines(ctx, wanted))
    // Fastify ends the answer then, short of its end; what happened is for our log.
    file.on('error', (error) => request.log.error({ err: error }, 'an export was cut off'))
    return file
  })
}
