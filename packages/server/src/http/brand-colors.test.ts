import { expect, test } from 'vitest'
import { brandColors, contrastOf, grounds } from './brand-colors.ts'

test('the contrast is that of WCAG', () => {
  expect(contrastOf('#000000', '#ffffff')).toBe(21)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrastOf('#2f5bd7', '#2f5bd7')).toBe(1)
})

/** Every corner and what lies between: 9³ colours. */
const steps = [0, 32, 64, 96, 128, 160, 192, 224, 255]
const all = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b] as const)))
const hex = (parts: readonly number[]) =>
  `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`

test('whatever the colour, all that is drawn with it can be read, in light and dark', () => {
  for (const color of all.map(hex)) {
    const { button, onButton, light, dark } = brandColors(color)
    expect(button).toBe(color)
    expect(contrastOf(button, onButton), color).toBeGreaterThanOrEqual(4.5)
    for (const ground of grounds.light) expect(contrastOf(light, ground), color).toBeGreaterThanOrEqual(4.5)
    for (const ground of grounds.dark) expect(contrastOf(dark, ground), color).toBeGreaterThanOrEqual(4.5)
  }
})

test('a colour that can be read already is left as it is', () => {
  expect(brandColors('#2f5bd7').light).toBe('#2f5bd7')
  expect(brandColors('#8fb0ff').dark).toBe('#8fb0ff')
})
