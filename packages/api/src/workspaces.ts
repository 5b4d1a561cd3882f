import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { data, id, idParam, list, page, text, time, url } from './fields.ts'
import { planSettings } from './plans.ts'

/** An origin as a browser writes it: scheme, host, port, nothing after. */
export const origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^/\\\s@?#,*]+$/i, 'must be an origin such as https://app.example.com, without a path')
  .refine((value) => URL.canParse(value), 'must name a host and a port that exist')

/** Of a logo: of its file, and of either side of the picture. */
export const logoLimits = { bytes: 32_768, pixels: 1024 } as const

const settings = {
  name: text(120),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #2f5bd7')
    .nullable()
    .describe('Of the pages that end users meet: their primary button, and in a readable shade the focus'),
  allowed_origins: z
    .array(origin)
    .max(100)
    .describe('Origins that our popup pages may post their message to'),
  return_urls: z
    .array(url.refine((value) => URL.canParse(value), 'must be a URL'))
    .max(100)
    .describe('Exact addresses that people may be sent back to'),
  allow_direct_links: z
    .boolean()
    .describe(
      'Lets connect sessions skip the check that the person who consents is the end user. A forwarded link then binds whoever follows it.',
    ),
}

const logo = z
  .string()
  // Base64 is a third longer than the file, and says before what it is.
  .max(Math.ceil(logoLimits.bytes / 3) * 4 + 64)
  .nullable()
  .describe(
    `Shown on the pages that end users meet: a PNG, JPEG or WebP picture as a data URL, at most ${logoLimits.bytes} bytes and ${logoLimits.pixels} pixels wide and high`,
  )

/** As a list has it: without the picture. */
const listed = z.object({
  id: id('ws', 'the workspace'),
  ...settings,
  ...planSettings,
  created_at: time,
})

export const workspace = listed.extend({
  logo,
  plan_set_by: z
    .enum(['workspace', 'operator'])
    .describe(
      'Who sets plan, quotas, features and experiments: an admin here, or whoever runs the deployment',
    ),
})

const planDescription =
  "Plan, quotas, features and experiments are set here unless the deployment has an operator's key; then the operator sets them."

export const getWorkspace = endpoint({
  method: 'GET',
  path: '/workspace',
  access: ['any', 'account:read'],
  tag: 'Workspace',
  summary: 'Show the workspace of this credential',
  response: data(workspace),
})

export const updateWorkspace = endpoint({
  method: 'PATCH',
  path: '/workspace',
  access: ['admin'],
  tag: 'Workspace',
  summary: 'Change workspace settings',
  description: planDescription,
  body: z.strictObject({ ...settings, logo, ...planSettings }).partial(),
  response: data(workspace),
})

export const createWorkspace = endpoint({
  method: 'POST',
  path: '/workspaces',
  access: ['operator'],
  tag: 'Workspace',
  summary: 'Make a workspace (operator)',
  status: 201,
  secret: true,
  body: z.strictObject({ name: text(120) }),
  response: data(
    z.object({
      id: id('ws', 'the workspace'),
      name: z.string(),
      api_key: z.string().describe('Shown once'),
      owner_link: z.string().describe('Makes whoever opens it first the owner; once, for 7 days. Shown once'),
    }),
  ),
})

export const listWorkspaces = endpoint({
  method: 'GET',
  path: '/workspaces',
  access: ['operator'],
  tag: 'Workspace',
  summary: 'List workspaces with their plans (operator)',
  query: z.strictObject(page),
  response: list(listed),
})

export const updateWorkspacePlan = endpoint({
  method: 'PATCH',
  path: '/workspaces/:id',
  access: ['operator'],
  tag: 'Workspace',
  summary: 'Change the plan of a workspace (operator)',
  params: idParam('ws', 'the workspace'),
  body: z.strictObject({ name: settings.name, ...planSettings }).partial(),
  response: data(workspace),
})

export const deleteWorkspace = endpoint({
  method: 'DELETE',
  path: '/workspaces/:id',
  access: ['operator'],
  tag: 'Workspace',
  summary: 'End a workspace and destroy its keys (operator)',
  params: idParam('ws', 'the workspace'),
  response: data(z.object({ id: id('ws', 'the workspace'), deleted: z.literal(true) })),
})
