import type { Grantry, ServerDiagnosis } from '@grantry/sdk'
import type { Cli } from '../cli.ts'
import { type Finding, fault, fine } from './finding.ts'

/** What differs between clocks of machines that are kept by NTP is far less; tokens are judged to the second. */
const poorMs = 30_000

/** What can be seen of the server from here, and what it says of itself; null where it does not answer. */
export async function checkServer(
  cli: Pick<Cli, 'target' | 'client' | 'signal'>,
): Promise<{ findings: Finding[]; server: ServerDiagnosis | null; grantry: Grantry | null }> {
  const { url } = await cli.target()
  const findings: Finding[] = []
  let grantry: Grantry
  let server: ServerDiagnosis
  const asked = Date.now()
  try {
    grantry = await cli.client()
    server = await grantry.server.diagnose()
  } catch (error) {
    if (cli.signal.aborted) throw error
    return {
      findings: [
        ...(isAboutCredential(error) ? [await checkAnswers(url, cli.signal)] : []),
        unreachable(url, error as Error),
      ],
      server: null,
      grantry: null,
    }
  }
  const answered = Date.now()
  findings.push(fine('reachable', `Grantry ${server.version} answers at ${url}, on ${server.database}.`))
  findings.push(await checkPublicUrl(url, server.public_url, cli.signal))
  findings.push(checkClock(Date.parse(server.time), asked, answered))
  const { kind, scopes, app_id } = server.credential
  const narrowed = app_id ? ` It reaches the app ${app_id} only.` : ''
  const who = kind === 'member' ? 'You are signed in' : 'The API key is good'
  findings.push(
    ...server.findings.map((finding) =>
      finding.check === 'credential' && finding.status === 'ok'
        ? fine('credential', `${who}: ${scopes.join(' ') || 'no scopes'}.${narrowed}`)
        : finding,
    ),
  )
  return { findings, server, grantry }
}

const isAboutCredential = (error: unknown) =>
  ['UnauthenticatedError', 'Failure'].includes((error as Error).name)

/** Where there is no good credential, whether somebody is there at all. */
async function checkAnswers(url: string, signal: AbortSignal): Promise<Finding> {
  try {
    await (await withoutCredential(url, signal)).request('GET', '/healthz')
    return fine('reachable', `Grantry answers at ${url}.`)
  } catch (error) {
    if (signal.aborted) throw error
    return unreachable(url, error as Error)
  }
}

/** Nothing secret goes where it is not known who is there. */
async function withoutCredential(url: string, signal: AbortSignal): Promise<Grantry> {
  const { Grantry } = await import('@grantry/sdk')
  return new Grantry({ url, apiKey: null, signal, timeout: 10, retries: 0 })
}

function unreachable(url: string, error: Error): Finding {
  if (error.name === 'UnauthenticatedError')
    return fault(
      'credential',
      'failed',
      `${url} does not take this credential.`,
      'Sign in (grantry login), or give a good API key.',
      'profile',
    )
  // No credential at all: the command line's own words, with what to do.
  if (error.name === 'Failure')
    return fault(
      'credential',
      'failed',
      error.message,
      (error as Error & { next?: string }).next ?? null,
      'profile',
    )
  return fault(
    'reachable',
    'failed',
    error.message,
    'Check that the server runs (grantry serve), and that --url, GRANTRY_URL or the profile names it.',
    'profile',
  )
}

/** Whether the address that people and providers are given leads to this server. */
async function checkPublicUrl(url: string, publicUrl: string, signal: AbortSignal): Promise<Finding> {
  const check = 'public_url'
  if (new URL(url).origin === publicUrl) return fine(check, `${publicUrl} is how it was called.`)
  try {
    const stranger = await withoutCredential(publicUrl, signal)
    const { issuer } = await stranger.request<{ issuer?: string }>(
      'GET',
      '/.well-known/oauth-authorization-server',
    )
    if (issuer === publicUrl) return fine(check, `${publicUrl} leads to it.`)
    return fault(
      check,
      'failed',
      `${publicUrl} leads to another server.`,
      'Set GRANTRY_PUBLIC_URL to the address by which browsers reach this one.',
      'GRANTRY_PUBLIC_URL',
    )
  } catch (error) {
    if (signal.aborted) throw error
    return fault(
      check,
      'failed',
      `${publicUrl} cannot be reached from here: ${(error as Error).message}`,
      'Lead it to this server (DNS, proxy, certificate), or set GRANTRY_PUBLIC_URL to the address that browsers reach.',
      'GRANTRY_PUBLIC_URL',
    )
  }
}

/** By the middle of the call, as far as its length leaves that open. */
function checkClock(theirs: number, asked: number, answered: number): Finding {
  const check = 'clock'
  const ahead = theirs - (asked + answered) / 2
  const off = Math.abs(ahead) - (answered - asked) / 2
  if (off <= poorMs) return fine(check, 'Its clock and that of this machine agree.')
  return fault(
    check,
    'warning',
    `Its clock is ${Math.round(off / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} that of this machine.`,
    'Set both by NTP: one of them is wrong.',
    'server',
  )
}
