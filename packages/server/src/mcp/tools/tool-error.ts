/** What a model is told of a call that cannot be done: what is wrong, and what to do about it. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}
