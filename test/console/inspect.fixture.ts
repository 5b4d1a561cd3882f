import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page, Request } from 'playwright-core'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const walk = await readFile(new URL('walk.page.js', import.meta.url), 'utf8')

const drawn = 'new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))'

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] }

/**
 * What axe-core finds on the page as it is, in words. Every rule counts, those of good practice too; `colours`: only those that
 * another colour scheme can break.
 */
export async function violationsOf(
  page: Page,
  judged: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  if (!(await page.evaluate('typeof axe === "object"'))) await page.evaluate(axe)
  const options = {
    resultTypes: ['violations'],
    ...(judged === 'colours' ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
  }
  const violations = await page.evaluate<Violation[]>(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html.slice(0, 300)}\n${failureSummary}`),
  )
}

/** How much wider than the window the page is, at each of the widths; and leaves it at the last of them. */
export async function overflowOf(page: Page, widths: number[]): Promise<string[]> {
  const faults: string[] = []
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 })
    // What is drawn to measure, such as a chart, follows when it has seen the width.
    for (let frame = 0; frame < 3; frame++) await page.evaluate(drawn)
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (wide > width) faults.push(`${wide} px wide in a window of ${width} px`)
  }
  return faults
}

/** Goes through the page by the Tab key: what it does not reach, and where the focus cannot be seen. */
export async function walkByKeyboard(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)')
  await page.evaluate(walk)
  // What is far down a list is drawn when the focus comes near.
  for (let steps = 0; steps < 300 && !(await page.evaluate('walked.around()')); steps += 20)
    for (let step = 0; step < 20; step++) await page.keyboard.press('Tab')
  return page.evaluate<string[]>('walked.end()')
}

/** Waits until a page has all that it asked for, and no outline stands for what is to come. */
export function createSettling(page: Page): () => Promise<void> {
  const under = new Set<Request>()
  page.on('request', (request) => under.add(request))
  page.on('requestfinished', (request) => under.delete(request))
  page.on('requestfailed', (request) => under.delete(request))
  return async () => {
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    const busy = page.locator('[aria-busy=true], [role=status][aria-label^=Loading], .mantine-Skeleton-root')
    for (let quiet = 0; quiet < 2; ) {
      await page.evaluate(drawn)
      quiet = under.size === 0 && (await busy.count()) === 0 ? quiet + 1 : 0
    }
  }
}
