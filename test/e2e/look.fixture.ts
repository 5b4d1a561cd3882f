import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { violationsOf } from '../console/inspect.fixture.ts'

const inspection = await readFile(new URL('look.page.js', import.meta.url), 'utf8')
const focused = `(() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
  const none = document.activeElement === document.body
  const shown = outlineStyle !== 'none' && outlineWidth !== '0px'
  return { none, shown, name: document.activeElement.textContent || document.activeElement.id }
})()`

/** What a person with a small window, weak eyes, a keyboard or a screen reader would stumble over. */
async function faultsInLook(page: Page, byKeyboard: boolean): Promise<string[]> {
  const seen = await page.evaluate<string[]>(inspection)
  return byKeyboard ? [...seen, ...(await withoutVisibleFocus(page))] : seen
}

/** Walks by the Tab key through everything that can be reached. */
async function withoutVisibleFocus(page: Page): Promise<string[]> {
  const faults: string[] = []
  const controls = await page.locator('button:visible, a:visible, input:not([type=hidden]):visible').count()
  await page.evaluate('document.activeElement.blur()')
  const reached = new Set<string>()
  for (let step = 0; step <= controls; step++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate<{ none: boolean; name: string; shown: boolean }>(focused)
    // Past the last control the focus is nowhere, before it begins anew.
    if (focus.none) continue
    reached.add(focus.name)
    if (!focus.shown) faults.push(`the focus on ${focus.name} cannot be seen`)
  }
  if (reached.size !== controls) faults.push(`only ${reached.size} of ${controls} controls by keyboard`)
  return faults
}

/** The folder to put pictures into, for somebody who wants to look at them. */
const pictures = process.env.GRANTRY_PICTURES

/** Looks at a page in light and dark, on a phone and at a desk; and makes pictures of it where somebody wants them. */
export async function look(page: Page, way: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [375, 1280]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      // Where the focus goes and how it is drawn does not hang on the width.
      const faults = await faultsInLook(page, width === 375)
      // What axe-core finds does not hang on the width, but for a phone's; colours it sees in either scheme.
      if (width === 375) faults.push(...(await violationsOf(page)))
      expect(faults, `${way}, ${colorScheme}, ${width} px`).toEqual([])
      if (!pictures) continue
      await mkdir(pictures, { recursive: true })
      const path = join(pictures, `${way.replaceAll(/\W+/g, '-')}.${colorScheme}.${width}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
}
