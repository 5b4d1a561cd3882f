import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { violationsOf, walkByKeyboard } from '../console/inspect.fixture.ts'

const inspection = await readFile(new URL('look.page.js', import.meta.url), 'utf8')
/** The folder to put pictures into, for somebody who wants to look at them. */
const pictures = process.env.GRANTRY_PICTURES

/** Looks at a page in light and dark, on a phone and at a desk; and makes pictures of it where somebody wants them. */
export async function look(page: Page, way: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    // What is drawn anew at another width is so once for both schemes.
    for (const width of colorScheme === 'light' ? [375, 1280] : [1280, 375]) {
      await page.setViewportSize({ width, height: 800 })
      /** What a person with a small window, weak eyes, a keyboard or a screen reader would stumble over. */
      const faults = await page.evaluate<string[]>(inspection)
      // Where the focus goes, how it is drawn and what axe-core finds does not hang on the width, but for a phone's.
      if (width === 375) {
        faults.push(...(await walkByKeyboard(page)))
        faults.push(...(await violationsOf(page, colorScheme === 'light' ? 'everything' : 'colours')))
      }
      expect(faults, `${way}, ${colorScheme}, ${width} px`).toEqual([])
      if (!pictures) continue
      await mkdir(pictures, { recursive: true })
      const path = join(pictures, `${way.replaceAll(/\W+/g, '-')}.${colorScheme}.${width}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
}
