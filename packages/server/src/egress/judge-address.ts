import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * - `public`: an ordinary unicast address of the Internet.
 * - `loopback`: this machine; the only kind that plain http may go to, where the operator allows it.
 * - `private`: anything else that is not public (private, link-local, reserved, multicast, tunnels, not an address).
 * - `metadata`: a cloud's metadata or host service; no rule makes it reachable.
 */
export type AddressKind = 'public' | 'loopback' | 'private' | 'metadata'

type Range = ReturnType<typeof ipaddr.parseCIDR>

const ranges = (...texts: string[]): Range[] => texts.map((text) => ipaddr.parseCIDR(text))

// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its updates), multicast (RFC 5771) and class E.
const SPECIAL_V4 = ranges(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
)
const LOOPBACK_V4 = ranges('127.0.0.0/8')

// Of IPv6 only 2000::/3 is allocated as global unicast, so everything outside is refused without being listed.
const GLOBAL_V6 = ranges('2000::/3')
const SPECIAL_V6 = ranges(
  '2001::/23', // IETF protocol assignments: Teredo, benchmarking, ORCHID, …
  '2001:db8::/32',
  '2002::/16', // 6to4
  '2620:4f:8000::/48',
  '3fff::/20',
)

// Link-local as a whole: besides 169.254.169.254 the clouds use .170.2 and .170.23 (AWS), .0.23 (Tencent), .42.42 (Scaleway).
const METADATA_V4 = ranges('169.254.0.0/16', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32')
const METADATA_V6 = ranges('fd00:ec2::/32', 'fd20:ce::/32', 'fd00:42::42/128', 'fe80::a9fe:a9fe/128')

const MAPPED = ranges('::ffff:0:0/96')
const NAT64 = ranges('64:ff9b::/96')

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, list: Range[]) =>
  list.some((range) => range[0].kind() === address.kind() && address.match(range))

/** Judges one address, in any text form that `getaddrinfo` or a WHATWG URL gives (IPv6 without brackets). */
export function judgeAddress(text: string): AddressKind {
  // ipaddr.js reads more than a socket does (`127.1`, octal), and `::8.8.8.8` as if it were mapped: isIP and the
  // URL parser's spelling leave it nothing to interpret.
  const family = isIP(text)
  if (family === 0) return 'private'
  if (family === 4) return judgeV4(ipaddr.IPv4.parse(text))
  const [address = '', zone] = text.split('%')
  const kind = judgeV6(ipaddr.IPv6.parse(new URL(`http://[${address}]`).hostname.slice(1, -1)))
  return zone === undefined || kind === 'metadata' ? kind : 'private'
}

function judgeV4(address: ipaddr.IPv4): AddressKind {
  if (within(address, METADATA_V4)) return 'metadata'
  if (within(address, LOOPBACK_V4)) return 'loopback'
  return within(address, SPECIAL_V4) ? 'private' : 'public'
}

function judgeV6(address: ipaddr.IPv6): AddressKind {
  const bytes = address.toByteArray()
  if (within(address, METADATA_V6) || embeddedV4(bytes).some((inner) => judgeV4(inner) === 'metadata'))
    return 'metadata'
  const last = new ipaddr.IPv4(bytes.slice(12))
  if (within(address, MAPPED)) return judgeV4(last)
  // The well-known NAT64 prefix leads to the IPv4 Internet: with DNS64 it is how an IPv6-only machine gets there.
  if (within(address, NAT64)) return judgeV4(last) === 'public' ? 'public' : 'private'
  if (address.range() === 'loopback') return 'loopback'
  if (isIsatap(bytes)) return 'private'
  return within(address, GLOBAL_V6) && !within(address, SPECIAL_V6) ? 'public' : 'private'
}

/**
 * Every IPv4 address that a transition mechanism could find in these 16 bytes: the low 32 bits (mapped, compatible,
 * translated, NAT64 /96, ISATAP), 6to4 (RFC 3056 §2), Teredo's server and obscured client (RFC 4380 §4), and a NAT64
 * prefix of 48 bits (RFC 6052 §2.2). An operator's rule may open a private network, but none of these ways to metadata.
 */
function embeddedV4(bytes: number[]): ipaddr.IPv4[] {
  const found: number[][] = []
  const starts = (...prefix: number[]) => prefix.every((byte, i) => bytes[i] === byte)
  const zeros = bytes.slice(0, 8).every((byte) => byte === 0)
  if (zeros || starts(0x00, 0x64, 0xff, 0x9b) || isIsatap(bytes)) found.push(bytes.slice(12))
  if (starts(0x20, 0x02)) found.push(bytes.slice(2, 6))
  if (starts(0x20, 0x01, 0, 0))
    found.push(
      bytes.slice(4, 8),
      bytes.slice(12).map((byte) => byte ^ 0xff),
    )
  if (starts(0x00, 0x64, 0xff, 0x9b, 0, 1)) found.push([...bytes.slice(6, 8), ...bytes.slice(9, 11)])
  return found.map((four) => new ipaddr.IPv4(four))
}

/** RFC 5214 §6.1: an interface identifier 0000:5efe or 0200:5efe followed by an IPv4 address. */
function isIsatap(bytes: number[]): boolean {
  return (bytes[8]! & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
}
