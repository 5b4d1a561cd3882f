/** The parts of an OpenAPI 3.1 document, as our server writes it, that a plan is read from. */
export type Schema = {
  type?: string | string[]
  description?: string
  enum?: (string | number | boolean | null)[]
  const?: string | number | boolean
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

export type DocumentOperation = {
  operationId?: string
  summary?: string
  description?: string
  parameters?: { in: string; name: string; required?: boolean; description?: string; schema: Schema }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

export type Document = { paths: Record<string, Record<string, DocumentOperation>> }

/** Every operation with its place. */
export function operationsOf(document: Document): (DocumentOperation & { http: string; path: string })[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([http, operation]) => ({ ...operation, http: http.toUpperCase(), path })),
  )
}
