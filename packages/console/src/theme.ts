import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

// Shade 6 carries white text in light (5.9:1), shade 3 is the accent on dark ground (8.0:1).
const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5ff',
  '#b7cbff',
  '#8fb0ff',
  '#6a93fb',
  '#4a78ee',
  '#2f5bd7',
  '#264bb4',
  '#1f3d92',
  '#182f70',
]

// For what destroys or failed, and for warnings: of each, shade 6 is text on light ground and shade 3 on dark.
const red: MantineColorsTuple = [
  '#fdeceb',
  '#fad6d3',
  '#ffbdb7',
  '#ff9d94',
  '#f27c72',
  '#d4483e',
  '#b3261e',
  '#961f18',
  '#7a1812',
  '#5c110d',
]
const yellow: MantineColorsTuple = [
  '#fff6e3',
  '#fdebc8',
  '#f8d490',
  '#f0b95b',
  '#d99a2c',
  '#b27a10',
  '#8a5a00',
  '#724a00',
  '#5a3b00',
  '#422b00',
]

// The greys of dark mode, as blue as its grounds.
const dark: MantineColorsTuple = [
  '#e8eaee',
  '#c9ced8',
  '#949dac',
  '#7a8495',
  '#4a5362',
  '#2c323d',
  '#20252e',
  '#191d24',
  '#14171d',
  '#101318',
]

const ours = ['accent', 'red', 'yellow']

/** Text on a filled button is what can be read on its shade of the scheme; by itself Mantine looks at light's only. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const color = input.color ?? 'accent'
  return input.variant === 'filled' && ours.includes(color)
    ? { ...colors, color: `var(--mantine-color-${color}-contrast)` }
    : colors
}

/** Calm and dense: 14 px text on 20 px lines, an 8 px grid, one accent, no shadow but on what floats. */
export const theme = createTheme({
  colors: { accent, red, yellow, dark },
  variantColorResolver,
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  black: '#1b1f27',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, monospace',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  defaultRadius: 8,
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '16px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: { 'aria-label': 'Close' } },
    },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
    SegmentedControl: {
      // On the ground its own would not be seen.
      defaultProps: { transitionDuration: 120, bg: 'var(--mantine-color-default-border)' },
    },
    Tooltip: {
      defaultProps: { transitionProps: { duration: 80 }, events: { hover: true, focus: true, touch: true } },
    },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 80 } } } },
  },
})

/** Of each colour what differs from Mantine's: readable as text, as an edge and behind text. */
function shades(scheme: 'light' | 'dark'): Record<string, string> {
  const shade = scheme === 'light' ? 6 : 3
  return Object.fromEntries(
    ours.flatMap((color) => [
      [`--mantine-color-${color}-contrast`, scheme === 'light' ? '#ffffff' : '#0d1530'],
      [`--mantine-color-${color}-text`, `var(--mantine-color-${color}-${shade})`],
      [`--mantine-color-${color}-outline`, `var(--mantine-color-${color}-${shade})`],
      [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-${scheme === 'light' ? 8 : 2})`],
    ]),
  )
}

/** The grounds, lines and quiet text of the pages that end users meet, so that all of Grantry looks like one thing. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...shades('light'),
    '--mantine-color-body': '#ffffff',
    '--ground': '#f4f5f7',
    '--mantine-color-text': '#1b1f27',
    '--mantine-color-dimmed': '#5a6270',
    '--mantine-color-placeholder': '#676f7d',
    '--mantine-color-default-border': '#d9dce3',
    '--edge': '#7d8594',
    '--mantine-color-error': '#b3261e',
    '--good': '#1a7f45',
    '--waiting': '#8a5a00',
    '--bad': '#b3261e',
    '--quiet': '#5a6270',
  },
  dark: {
    ...shades('dark'),
    '--mantine-color-body': '#191d24',
    '--ground': '#101318',
    '--mantine-color-text': '#e8eaee',
    '--mantine-color-dimmed': '#a3abb8',
    '--mantine-color-placeholder': '#949dac',
    '--mantine-color-default-border': '#343b47',
    '--edge': '#7a8495',
    '--mantine-color-error': '#ff9d94',
    '--good': '#6fd39b',
    '--waiting': '#f0b95b',
    '--bad': '#ff9d94',
    '--quiet': '#a3abb8',
  },
})
