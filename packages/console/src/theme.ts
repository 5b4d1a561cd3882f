import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
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

// Mantine's own, but for shade 6: as letters it has to be as dark as quiet text is.
const gray: MantineColorsTuple = [
  '#f8f9fa',
  '#f1f3f5',
  '#e9ecef',
  '#dee2e6',
  '#ced4da',
  '#adb5bd',
  '#5a6270',
  '#495057',
  '#343a40',
  '#212529',
]

// Grounds, lines and quiet text of dark, of one hue: 7 is the page's, 6 a field's.
const dark: MantineColorsTuple = [
  '#e8eaee',
  '#c3c8d1',
  '#a3abb8',
  '#7a8495',
  '#434b58',
  '#343b47',
  '#232831',
  '#191d24',
  '#13161c',
  '#101318',
]

// What is good, waits or is wrong, in the shades of `--good`, `--waiting` and `--bad` below: 6 in light, 3 in dark.
const red: MantineColorsTuple = [
  '#fff0ee',
  '#ffdcd8',
  '#ffbdb6',
  '#ff9d94',
  '#ee6a5f',
  '#d3433a',
  '#b3261e',
  '#931e18',
  '#741813',
  '#57120e',
]
const yellow: MantineColorsTuple = [
  '#fff6e5',
  '#ffe8bf',
  '#f9d28d',
  '#f0b95b',
  '#cf922a',
  '#ab7309',
  '#8a5a00',
  '#714a00',
  '#573900',
  '#412a00',
]
const green: MantineColorsTuple = [
  '#e9f8ef',
  '#ccefd9',
  '#9fe2b9',
  '#6fd39b',
  '#44b677',
  '#29985b',
  '#1a7f45',
  '#156839',
  '#10522d',
  '#0b3d21',
]

/** Calm and dense: 14 px text on 20 px lines, an 8 px grid, one accent, no shadow but on what floats. */
export const theme = createTheme({
  colors: { accent, gray, red, yellow, green, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  // Mantine would choose by the shade of light alone; on shade 3 only dark letters can be read.
  variantColorResolver: (asked) =>
    asked.variant === 'filled'
      ? { ...defaultVariantColorsResolver(asked), color: 'var(--on-filled)' }
      : defaultVariantColorsResolver(asked),
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
    // On the ground its own would not be seen.
    SegmentedControl: {
      defaultProps: { transitionDuration: 120, bg: 'var(--mantine-color-default-border)' },
    },
    Tooltip: {
      defaultProps: { transitionProps: { duration: 80 }, events: { hover: true, focus: true, touch: true } },
    },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 80 } } } },
  },
})

/** The grounds, lines and quiet text of the pages that end users meet, so that all of Grantry looks like one thing. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--on-filled': '#ffffff',
    '--mantine-primary-color-contrast': '#ffffff',
    '--ground': '#f4f5f7',
    '--mantine-color-text': '#1b1f27',
    '--mantine-color-dimmed': '#5a6270',
    '--mantine-color-placeholder': '#676f7d',
    '--mantine-color-default-border': '#d9dce3',
    '--edge': '#7d8594',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-red-light-color': '#b3261e',
    '--good': '#1a7f45',
    '--waiting': '#8a5a00',
    '--bad': '#b3261e',
    '--quiet': '#5a6270',
  },
  dark: {
    '--mantine-color-body': '#191d24',
    // Mantine takes a shade for these that is nearly white.
    '--mantine-color-red-outline': '#ff9d94',
    '--mantine-color-yellow-outline': '#f0b95b',
    '--mantine-color-accent-outline': '#8fb0ff',
    '--on-filled': '#12161d',
    '--mantine-primary-color-contrast': '#12161d',
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
