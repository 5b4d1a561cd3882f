/** Red, green and blue, 0 to 255. */
type Color = readonly [number, number, number]

const white: Color = [255, 255, 255]
const black: Color = [0, 0, 0]

/** What text must have against what is behind it (WCAG 2.2, 1.4.3). */
const enough = 4.5

/** What the page's own style sheet has behind text, in light and dark: the card, and the ground of fields. */
export const grounds = {
  light: ['#ffffff', '#f4f5f7'],
  dark: ['#191d24', '#101318'],
} as const

/**
 * The colours that follow from a workspace's one: the button is exactly that colour, its text is black or white, one of which
 * always has the contrast; where the colour itself is text, an edge or the focus, it is darkened or lightened until it has.
 * @param color `#rrggbb`
 */
export function brandColors(color: string): {
  button: string
  onButton: string
  light: string
  dark: string
} {
  const own = read(color)
  return {
    button: write(own),
    onButton: write(contrast(own, white) >= enough ? white : black),
    light: write(until(own, black, grounds.light)),
    dark: write(until(own, white, grounds.dark)),
  }
}

/** The nearest shade on the way to `end` that can be read on all of the grounds. */
function until(own: Color, end: Color, behind: readonly string[]): Color {
  for (let share = 0; share < 1; share += 0.02) {
    const shade = own.map((part, i) => Math.round(part + (end[i]! - part) * share)) as unknown as Color
    if (behind.every((ground) => contrast(shade, read(ground)) >= enough)) return shade
  }
  return end
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrastOf(one: string, other: string): number {
  return contrast(read(one), read(other))
}

function contrast(one: Color, other: Color): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: Color): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const read = (text: string): Color =>
  [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as never

const write = (color: Color): string => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`
