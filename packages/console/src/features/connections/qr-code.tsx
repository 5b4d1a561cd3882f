import { encode } from 'uqr'

/** A text as a QR code, dark on white in either colour scheme: many readers take no other. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 })
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      width={168}
      height={168}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ borderRadius: 8, border: '1px solid var(--mantine-color-default-border)' }}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={squares(data)} fill="#000" />
    </svg>
  )
}

/** One path of all dark modules, each run of a row one rectangle. */
function squares(rows: boolean[][]): string {
  const parts: string[] = []
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      const width = x - from + 1
      parts.push(`M${from} ${y}h${width}v1h${-width}z`)
    }
  })
  return parts.join('')
}
