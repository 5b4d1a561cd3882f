/**
 * One thing that a model can do at a service. Data: the engine that runs it knows no service.
 *
 * Strings that say so are JMESPath (community specification) over the call's arguments by their names, the answers of
 * the steps so far by theirs, and `it` within `each`. What an expression gives as null is left out of what is sent and
 * of what is answered.
 */
export type Tool = {
  /** snake_case, unique within its service: `search_messages`. */
  name: string
  /** For people: `Search messages`. */
  title: string
  /** For the model: what it does, when to use it, what it gives; short. */
  description: string
  access: 'read' | 'write'
  /** It may overwrite or remove what is there. Default: a write only adds. */
  destructive?: boolean
  /** Doing it twice is as doing it once. Default for a write: no. */
  idempotent?: boolean
  input: ToolInput
  /** One after another; a failed one ends the call. */
  steps: ToolStep[]
  /** Expression for the answer: what matters, under names that explain themselves. */
  output: string
}

/** JSON Schema (2020-12) of the arguments; each says what it is for, with its limits. */
export type ToolInput = {
  type: 'object'
  properties: Record<string, ToolArgument>
  required?: string[]
  additionalProperties: false
}

export type ToolArgument = {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  description?: string
  enum?: string[]
  /** Filled in where the argument is not given. */
  default?: string | number | boolean
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: ToolArgument
  minItems?: number
  maxItems?: number
  properties?: Record<string, ToolArgument>
  required?: string[]
  additionalProperties?: boolean
  maxProperties?: number
}

/** One call below the API's base URL. */
export type ToolStep = {
  /** What later expressions call its answer. Default: `answer`. */
  as?: string
  /** Expression; where it gives false or nothing, the step is left out and its answer is null. */
  when?: string
  /** Expression for a list of at most 50: the step is done for each item, which is `it`, and its answer is the list of answers. */
  each?: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From `/` on; `{expression}` stands for one path segment. */
  path: string
  /** Name → expression; a list repeats the parameter. */
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Expression for the JSON body. */
  body?: string
  /** A GraphQL document, whose variables `body` gives. */
  graphql?: string
  /**
   * Expression for a mail `{from?, to?, cc?, bcc?, subject?, text?, html?, in_reply_to?, references?, attachments?: [{filename, content_type?,
   * content (base64)}]}`; `body` sees it composed (RFC 5322, base64url) as `mime`.
   */
  mail?: string
  /** A refusal does not end the call: the answer is null then. For what only completes an answer. */
  optional?: boolean
  /** `text` takes the answer as it is. Default: `json`. */
  answer?: 'json' | 'text'
}
