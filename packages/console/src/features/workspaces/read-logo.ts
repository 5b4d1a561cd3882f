/** What the server takes: a PNG, JPEG or WebP of at most so many bytes and pixels. */
const most = { bytes: 32_768, pixels: 1024 }
const types = ['image/png', 'image/jpeg', 'image/webp']

/** Sides that are tried where a picture is too large, with the pages' 48 px in mind. */
const sides = [256, 192, 128, 96]

/**
 * A picture file as the data URL of a logo, made smaller where it is too large.
 * @throws Error that says what to choose instead
 */
export async function readLogo(file: File): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) throw new Error('This is no picture that can be shown. Choose a PNG, JPEG or WebP file.')
  const { width, height } = picture
  if (types.includes(file.type) && file.size <= most.bytes && Math.max(width, height) <= most.pixels)
    return dataUrl(file)
  for (const side of sides) {
    const scale = Math.min(1, side / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height)
    for (const [type, quality] of [['image/png'], ['image/webp', 0.9]] as [string, number?][]) {
      const smaller = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
      if (smaller?.type === type && smaller.size <= most.bytes) return dataUrl(smaller)
    }
  }
  throw new Error('This picture stays larger than 32 kB however small. Choose a simpler one.')
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'))
    reader.readAsDataURL(blob)
  })
}
