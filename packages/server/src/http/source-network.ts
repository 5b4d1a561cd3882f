import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/**
 * A network as it is kept: in its shortest form, its host bits zero; an address by itself is a network of one. What
 * IPv6 writes of IPv4 is IPv4.
 * @returns null for what is neither a network nor an address
 */
export function writeNetwork(text: string): string | null {
  const network = parse(text)
  return network && `${network[0]}/${network[1]}`
}

/** Whether an address lies in one of these networks (as `writeNetwork` writes them). */
export function isFrom(networks: readonly string[], address: string): boolean {
  const from = parse(address.split('%')[0]!)
  return from !== null && networks.some((text) => isInside(from, parse(text)))
}

/** Whether all of a network lies in one of these. */
export function isWithin(networks: readonly string[], text: string): boolean {
  const inner = parse(text)
  return inner !== null && networks.some((outer) => isInside(inner, parse(outer)))
}

function isInside(inner: Network, outer: Network | null): boolean {
  if (outer === null || inner[1] < outer[1]) return false
  return inner[0].kind() === 'ipv4'
    ? outer[0].kind() === 'ipv4' && (inner[0] as ipaddr.IPv4).match(outer[0] as ipaddr.IPv4, outer[1])
    : outer[0].kind() === 'ipv6' && (inner[0] as ipaddr.IPv6).match(outer[0] as ipaddr.IPv6, outer[1])
}

function parse(text: string): Network | null {
  const [given = '', bits, ...more] = text.split('/')
  // ipaddr.js reads more than a socket does: `127.1`, octal.
  if (isIP(given) === 0 || given.includes('%') || more.length > 0) return null
  if (bits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bits)) return null
  const address = ipaddr.parse(given)
  const most = address.kind() === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? most : Number(bits)
  if (prefix > most) return null
  if (address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress() && prefix >= 96)
    return first((address as ipaddr.IPv6).toIPv4Address(), prefix - 96)
  return first(address, prefix)
}

/** With its host bits zero. */
function first(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): Network {
  const bytes = address.toByteArray().map((byte, i) => {
    const kept = Math.min(8, Math.max(0, prefix - i * 8))
    return byte & (0xff << (8 - kept)) & 0xff
  })
  return [ipaddr.fromByteArray(bytes), prefix]
}
