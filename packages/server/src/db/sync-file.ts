import { open } from 'node:fs/promises'

/** Makes what a file holds durable, whoever wrote it. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync().finally(() => file.close())
}
