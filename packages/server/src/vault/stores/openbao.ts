import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../../config.ts'
import { createOperatorsFetch } from '../../egress/operators-fetch.ts'
import { VaultError } from '../errors.ts'
import { type Item, nameOf, type SecretStore } from './secret-store.ts'

type Settings = NonNullable<Config['openbao']>

const what = 'OpenBao'
const deadlineMs = 4000
const tries = 2
const pauseMs = 200

type Answer = { status: number; body: { data?: unknown; errors?: unknown } | null }
type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>

/**
 * OpenBao, or HashiCorp Vault: a secrets engine of the kind KV version 2, by its HTTP API. Each item is a key with one version,
 * which holds the record in base64.
 */
export function openBao(settings: Settings, prefix: string): SecretStore {
  const { ask, close } = connect(settings)
  const { mount } = settings
  const pathOf = (part: 'data' | 'metadata', item: Item) => `${mount}/${part}/${nameOf(prefix, item)}`

  return {
    async put(item, record) {
      const data = { record: Buffer.from(record).toString('base64') }
      const answer = await ask('POST', pathOf('data', item), { options: { cas: 0 }, data })
      // It is there already: this try, sent again. Whoever puts a value reads it back.
      const again = answer.status === 400 && textOf(answer).includes('check-and-set')
      if (answer.status !== 200 && !again) throw refused('write', answer)
    },
    async get(item) {
      const answer = await ask('GET', pathOf('data', item))
      const held = answer.body?.data as { data?: { record?: unknown }; metadata?: unknown } | undefined
      if (answer.status === 404 && textOf(answer) === '') return null
      if (answer.status !== 200) throw refused('read', answer)
      const record = held?.metadata && held.data?.record
      if (typeof record !== 'string')
        throw new VaultError('vault_misconfigured', `${what}: ${mount} is not a KV engine of version 2`)
      return Buffer.from(record, 'base64')
    },
    async remove(item) {
      const answer = await ask('DELETE', pathOf('metadata', item))
      if (answer.status !== 204 && answer.status !== 404) throw refused('delete', answer)
    },
    async check() {
      // What the command-line client asks first, too: whether this is KV, of which version, and whether we may see it.
      const answer = await ask('GET', `sys/internal/ui/mounts/${mount}`)
      if (answer.status !== 200) throw refused('look', answer)
      const { type, options } = (answer.body?.data ?? {}) as {
        type?: string
        options?: { version?: string } | null
      }
      if (type !== 'kv' || options?.version !== '2')
        throw new VaultError('vault_misconfigured', `${what}: ${mount} is not a KV engine of version 2`)
    },
    async renew() {
      const answer = await ask('POST', 'auth/token/renew-self', {})
      // A token without an end cannot be renewed, and need not be.
      if (answer.status !== 200 && answer.status !== 400) throw refused('renew our token', answer)
    },
    close,
  }
}

function connect({ address, token, namespace }: Settings): { ask: Ask; close(): Promise<void> } {
  const send = createOperatorsFetch(deadlineMs)

  async function once(method: string, path: string, body: unknown): Promise<Answer> {
    const response = await send(`${address}/v1/${path}`, {
      method,
      headers: {
        // Read each time: an agent beside us may have put a new one there.
        'x-vault-token': token.from === 'environment' ? token.value.expose() : await readToken(token.path),
        'x-vault-request': 'true',
        ...(namespace ? { 'x-vault-namespace': namespace } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : parse(text) }
  }

  async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await once(method, path, body)
        // Sealed, starting, standing by without a leader, or too busy: of these it says so itself.
        if (answer.status < 500 && answer.status !== 429) return answer
        if (attempt === tries)
          throw new VaultError('vault_unavailable', `${what} answered ${answer.status}: ${textOf(answer)}`)
      } catch (cause) {
        if (cause instanceof VaultError) throw cause
        if (attempt === tries) {
          const { message, cause: reason } = cause as Error
          const detail = reason instanceof Error ? `: ${reason.message}` : ''
          throw new VaultError(
            'vault_unavailable',
            `${what} at ${address} does not answer: ${message}${detail}`,
            { cause },
          )
        }
      }
      await pause(pauseMs)
    }
  }
  return { ask, close: () => send.close() }
}

async function readToken(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new VaultError(
      'vault_unavailable',
      `The token in ${path} cannot be read: ${(cause as Error).message}`,
      { cause },
    )
  }
}

function parse(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body']
  } catch {
    return { errors: ['the answer is not JSON'] }
  }
}

function textOf({ body }: Answer): string {
  return Array.isArray(body?.errors) ? body.errors.join('; ') : ''
}

function refused(action: string, answer: Answer): VaultError {
  const code = answer.status === 404 || answer.status === 405 ? 'vault_misconfigured' : 'vault_refused'
  return new VaultError(
    code,
    `${what} refuses to ${action} with ${answer.status}: ${textOf(answer) || 'no reason'}`,
  )
}
