import type { ToolAnnotations } from '@modelcontextprotocol/server'
import type { ServedTool } from './tools-of.ts'

/** What a client may tell a person, or decide by, before a tool is called. Every one of them reaches a service outside. */
export function annotate({ title, access, destructive, idempotent }: ServedTool): ToolAnnotations {
  if (access === 'read') return { title, readOnlyHint: true, openWorldHint: true }
  return {
    title,
    readOnlyHint: false,
    destructiveHint: destructive ?? false,
    idempotentHint: idempotent ?? false,
    openWorldHint: true,
  }
}
