import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a program has printed, and how it ended. */
export type Ended = { code: number | null; stdout: string; stderr: string }

/** Runs a program to its end. */
export async function runProgram(
  path: string,
  args: string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(path, args, { env: { PATH: process.env.PATH, NO_PROXY: '*', ...env } })
  const ended = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (part) => {
      ended[name] += part
    })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  return { code: code as number | null, ...ended }
}

/** Runs a command line as a shell reads it from a document; answers what it printed as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: answers are judged by expectations
export async function shell(commandLine: string): Promise<any> {
  const { code, stdout, stderr } = await runProgram('sh', ['-euc', commandLine])
  if (code !== 0) throw new Error(`sh ended with ${code}: ${stderr}`)
  return stdout === '' ? null : JSON.parse(stdout)
}
