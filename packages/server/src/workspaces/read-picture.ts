/** What a picture file says of itself. */
export type Picture = { type: 'image/png' | 'image/jpeg' | 'image/webp'; width: number; height: number }

/**
 * Reads type and size in pixels from a picture's own header, whatever it was said to be; null for anything else. The picture
 * itself is not decoded.
 * @see PNG (ISO 15948 §11.2.2), JPEG (ITU-T T.81 §B.2.2), WebP (RFC 9649 §2.5–2.7)
 */
export function readPicture(bytes: Buffer): Picture | null {
  return readPng(bytes) ?? readWebp(bytes) ?? readJpeg(bytes)
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

function readPng(bytes: Buffer): Picture | null {
  const fits = bytes.length >= 33 && bytes.subarray(0, 8).equals(pngSignature)
  if (!fits || bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

function readWebp(bytes: Buffer): Picture | null {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF') return null
  const type = 'image/webp'
  switch (bytes.toString('latin1', 8, 16)) {
    case 'WEBPVP8 ':
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'WEBPVP8L': {
      const bits = bytes.readUInt32LE(21)
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'WEBPVP8X':
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return null
  }
}

function readJpeg(bytes: Buffer): Picture | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1
      continue
    }
    // Start of frame: all of SOF0 to SOF15 but DHT, JPG and DAC.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    const length = bytes.readUInt16BE(at + 2)
    if (length < 2 || marker === 0xda) return null
    at += 2 + length
  }
  return null
}
