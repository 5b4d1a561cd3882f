import type { Access } from './endpoint.ts'

/** Calls of providers' APIs: any method, any path, bytes in and out. It has no schemas, so it is no `Endpoint`. */
export const callProxy = {
  methods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY'],
  /** The first is the API's base URL itself. */
  paths: ['/proxy/:connection_id', '/proxy/:connection_id/*'],
  access: ['proxy:call'] satisfies Access[],
  tag: 'Proxy',
  summary: "Call the provider's API with a connection's token",
  description:
    "The rest of the path and the query go to the integration's API base URL as they are; the token is put in where the API takes it. Bodies stream both ways. The answer is the provider's: `X-Grantry-Answer: provider` tells it from a refusal of ours.",
} as const
