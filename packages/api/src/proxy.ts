import { z } from 'zod'
import type { Access } from './endpoint.ts'

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY'] as const

/** Calls of providers' APIs: any method, any path, bytes in and out. It has no schemas, so it is no `Endpoint`. */
export const callProxy = {
  methods,
  /** The first is the API's base URL itself. */
  paths: ['/proxy/:connection_id', '/proxy/:connection_id/*'],
  access: ['proxy:call'] satisfies Access[],
  tag: 'Proxy',
  summary: "Call the provider's API with a connection's token",
  description:
    "The rest of the path and the query go to the integration's API base URL as they are; the token is put in where the API takes it. Bodies stream both ways. The answer is the provider's: `X-Grantry-Answer: provider` tells it from a refusal of ours.",
} as const

const pathPattern = z
  .string()
  .max(512)
  .regex(/^\/[\x21-\x7e]*$/, 'must begin with / and be percent-encoded')

/** What may be called through the proxy and by tools, and how often. */
export const proxyPolicy = z.strictObject({
  allow: z
    .array(
      z.strictObject({
        methods: z.array(z.enum(methods)).min(1).max(methods.length),
        paths: z
          .array(pathPattern)
          .min(1)
          .max(100)
          .describe('Below the API base URL, as they are written in calls; * stands for any text'),
      }),
    )
    .max(100)
    .optional()
    .describe('Nothing else may be called. Absent: everything'),
  hosts: z
    .array(
      z
        .string()
        .max(253)
        .regex(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[1-9]\d{0,4})?$/, 'must be a host name in lower case'),
    )
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Nothing is sent to any other host, be it by a redirect; `*.` stands for any name below. Absent: the host of the API, and where it redirects to',
    ),
  budget: z
    .strictObject({
      calls: z.number().int().min(1).max(1_000_000_000),
      per_seconds: z.number().int().min(1).max(2_678_400),
    })
    .optional()
    .describe('Of each connection'),
})

export type ProxyPolicy = z.output<typeof proxyPolicy>
