import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import ipaddr from 'ipaddr.js'
import type { buildConnector } from 'undici'
import type { Address } from './resolve.ts'

/** No connection; nothing has been sent. The phase tells a dead host from a bad handshake. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  readonly phase: 'tcp' | 'tls' | 'deadline'

  constructor(phase: 'tcp' | 'tls' | 'deadline', cause?: unknown) {
    super(`connecting failed (${phase})`, { cause })
    this.phase = phase
  }
}

export type ConnectOptions = {
  /** Certificate authorities instead of the system's, PEM. */
  ca: string | string[] | undefined
  connectMs: number
}

/**
 * A connector whose sockets go to the given addresses and nowhere else: the name stays in SNI, in the check of the
 * certificate and in Host, but is never resolved again. Several addresses are tried in turn (RFC 8305) by Node.
 */
export function pinnedConnector(addresses: Address[], options: ConnectOptions): buildConnector.connector {
  const pinned = new Set(addresses.map(({ address }) => canonical(address)))
  const lookup: LookupFunction = (_host, asked, answer) => {
    if (asked.all) answer(null, addresses)
    else answer(null, addresses[0]!.address, addresses[0]!.family)
  }
  let session: Buffer | undefined

  return ({ hostname, protocol, port }, callback) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const secure = protocol === 'https:'
    const wanted = {
      host,
      port: Number(port) || (secure ? 443 : 80),
      lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 1000,
      noDelay: true,
      keepAlive: true,
    }
    const socket: Socket = secure
      ? connectTls({
          ...wanted,
          ...(options.ca === undefined ? {} : { ca: options.ca }),
          ...(session === undefined ? {} : { session }),
          servername: isIP(host) ? '' : host,
          minVersion: 'TLSv1.2',
          // Said explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
          rejectUnauthorized: true,
          ALPNProtocols: ['http/1.1'],
        })
      : connectTcp(wanted)

    let phase: ConnectError['phase'] = 'tcp'
    let done = false
    const settle = (error: ConnectError | null) => {
      if (done) return
      done = true
      clearTimeout(timer)
      if (error) {
        socket.destroy()
        callback(error, null)
      } else callback(null, socket)
    }
    const timer = setTimeout(() => settle(new ConnectError('deadline')), options.connectMs)

    socket.on('connect', () => {
      phase = 'tls'
      const peer = socket.remoteAddress
      if (peer === undefined || !pinned.has(canonical(peer))) {
        settle(new ConnectError('tcp', new Error(`the socket went to ${peer}`)))
      } else if (!secure) settle(null)
    })
    socket.on('error', (error) => settle(new ConnectError(phase, error)))
    socket.on('close', () => settle(new ConnectError(phase)))
    if (secure) {
      socket.on('secureConnect', () => {
        // Not earlier: a resumed session skips the check of the name, so only one that passed it may be kept.
        session = (socket as TLSSocket).getSession() ?? session
        socket.on('session', (ticket: Buffer) => {
          session = ticket
        })
        settle(null)
      })
    }
  }
}

/** One spelling of an address: no zone, and mapped IPv4 as IPv4. */
const canonical = (address: string) => ipaddr.process(address.split('%')[0]!).toNormalizedString()
