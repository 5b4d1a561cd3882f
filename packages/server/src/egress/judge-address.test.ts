import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AddressKind, judgeAddress } from './judge-address.ts'

const TABLE: Record<AddressKind, string[]> = {
  public: [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:4860:4860::8888',
    '2606:4700::1111',
    '2a00:1450:4001::1',
    '64:ff9b::808:808',
    '::ffff:8.8.8.8',
  ],
  loopback: [
    '127.0.0.1',
    '127.0.0.0',
    '127.255.255.255',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
  ],
  private: [
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.0',
    '192.168.255.255',
    '198.18.0.0',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::2',
    '::8.8.8.8',
    '::127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:0:8.8.8.8',
    '64:ff9b::a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::808:808',
    '100::1',
    '2001::1',
    '2001:0:808:808::1',
    '2001:2::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:808:808::1',
    '2002:7f00:1::1',
    '2620:4f:8000::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fdff:ffff::1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '2606:4700::5efe:a00:1',
    '2606:4700::200:5efe:a00:1',
    '2606:4700::1%eth0',
    '',
    'localhost',
    '127.1',
    '010.0.0.1',
    '0x7f000001',
    '8.8.8.8:80',
  ],
  metadata: [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.0.23',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
    'fe80::a9fe:a9fe',
    'fe80::a9fe:a9fe%eth0',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '::ffff:0:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:a9:fe00::',
    '2002:a9fe:a9fe::1',
    '2001:0:a9fe:a9fe::1',
    '2001:0:808:808:0:0:5601:5601',
    'fc00::5efe:a9fe:a9fe',
  ],
}

describe.each(Object.entries(TABLE))('%s', (kind, addresses) => {
  test.each(addresses)('%s', (address) => {
    expect(judgeAddress(address)).toBe(kind)
  })
})

const quad = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
const nonPublicQuad = quad.filter((bytes) => judgeAddress(bytes.join('.')) !== 'public')

test('a mapped address is what the IPv4 address is, in any spelling', () => {
  fc.assert(
    fc.property(quad, (bytes) => {
      const dotted = bytes.join('.')
      const [high, low] = [(bytes[0] << 8) | bytes[1], (bytes[2] << 8) | bytes[3]].map((word) =>
        word.toString(16),
      )
      const kind = judgeAddress(dotted)
      expect(judgeAddress(`::ffff:${dotted}`)).toBe(kind)
      expect(judgeAddress(`::FFFF:${high}:${low}`)).toBe(kind)
      expect(judgeAddress(`0:0:0:0:0:ffff:${high}:${low}`)).toBe(kind)
    }),
  )
})

test('no transition mechanism makes an IPv4 address public that is not', () => {
  fc.assert(
    fc.property(nonPublicQuad, fc.nat(0xffff), (bytes, noise) => {
      const [high, low] = [(bytes[0] << 8) | bytes[1], (bytes[2] << 8) | bytes[3]].map((word) =>
        word.toString(16),
      )
      const any = noise.toString(16)
      for (const address of [
        `64:ff9b::${high}:${low}`,
        `64:ff9b:1:${any}::${high}:${low}`,
        `2002:${high}:${low}:${any}::1`,
        `2001:0:${high}:${low}::${any}`,
        `::${high}:${low}`,
        `::ffff:0:${high}:${low}`,
      ]) {
        expect(judgeAddress(address), address).not.toBe('public')
      }
    }),
  )
})

test('outside 2000::/3 only mapped and NAT64 addresses are ever public', () => {
  const address = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(address, (parts) => {
      const text = parts.map((part) => part.toString(16)).join(':')
      const global = parts[0]! >> 13 === 1
      if (!global) expect(judgeAddress(text), text).not.toBe('public')
    }),
  )
})
