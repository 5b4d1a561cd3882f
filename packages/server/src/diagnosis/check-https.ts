import { isLoopback } from '@grantry/oauth'
import { advise } from '../http/advise.ts'
import { type Finding, ok, quoting, wrong } from './finding.ts'
import { failureFor, refusalFor, type Seen } from './seen.ts'

const check = 'https'

/** Whether codes and tokens travel by TLS wherever the provider, or the way there, asks for it. */
export function checkHttps(seen: Seen): Finding[] {
  const { addresses, integration } = seen
  const plain = [...addresses].filter(([, url]) => isPlain(url)).map(([field]) => field)
  if (plain.length > 0)
    return [
      wrong(
        check,
        'failed',
        {
          what: `${plain.join(', ')} ${plain.length === 1 ? 'is' : 'are'} plain http: secrets and tokens could be read on the way, so nothing is sent.`,
          todo: 'Give the https address.',
        },
        plain.join(', '),
      ),
    ]
  const said = refusalFor(check, seen) ?? failureFor(check, seen)
  if (said) {
    const advice = advise('insecure_redirect_uri', null, integration.providerName)
    return [wrong(check, 'failed', quoting(advice, said.words), 'GRANTRY_PUBLIC_URL')]
  }
  if (integration.grantType !== 'authorization_code' || integration.redirectUri.startsWith('https:'))
    return [ok(check, 'Every address is https, or on this machine.')]
  return [
    ok(
      check,
      'The redirect URI is plain http on this machine: good for trying out, where the provider takes it.',
    ),
  ]
}

const isPlain = (url: string) => url.startsWith('http:') && !isLoopback(new URL(url).hostname)
