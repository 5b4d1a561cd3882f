import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page, Request } from 'playwright-core'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** In the page: makes axe-core where it is asked for. */
const makeAxe = `globalThis.makeAxe = () => { ${axe} }`
/** The pages whose every document has the above: to send half a megabyte to each would take longer than what it finds. */
const equipped = new WeakSet<Page>()
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
  if (!equipped.has(page)) {
    equipped.add(page)
    await page.addInitScript(makeAxe)
    await page.evaluate(makeAxe)
  }
  const options = {
    resultTypes: ['violations'],
    ...(judged === 'colours' ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
  }
  const violations = await page.evaluate<Violation[]>(
    `globalThis.axe ?? makeAxe()
    axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
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
    const wide = await page.evaluate<number>(
      `(async () => { for (let frame = 0; frame < 3; frame++) await ${drawn}; return document.documentElement.scrollWidth })()`,
    )
    if (wide > width) faults.push(`${wide} px wide in a window of ${width} px`)
  }
  return faults
}

/** Goes through the page by the Tab key: what it does not reach, and where the focus cannot be seen. */
export async function walkByKeyboard(page: Page): Promise<string[]> {
  await page.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)')
  const controls = await page.evaluate<number>(walk)
  // Once around at most. What is far down a list is drawn when the focus comes near.
  const length = Math.min(controls + 2, 20)
  for (
    let steps = 0;
    controls > 0 && steps < 300 && !(await page.evaluate('walked.around()'));
    steps += length
  )
    await Promise.all(Array.from({ length }, () => page.keyboard.down('Tab')))
  await page.keyboard.up('Tab')
  return page.evaluate<string[]>('walked.end()')
}

/** In the page: until it has a heading, and no outline stands for what is to come. */
const shown = `(async () => {
  const coming = '[aria-busy=true], [role=status][aria-label^=Loading], .mantine-Skeleton-root'
  do await ${drawn}
  while (!document.querySelector('h1') || document.querySelector(coming))
})()`

/** Waits until a page has all that it asked for, and no outline stands for what is to come. */
export function createSettling(page: Page): () => Promise<void> {
  const under = new Set<Request>()
  let told = () => {}
  const over = (request: Request) => {
    under.delete(request)
    if (under.size === 0) told()
  }
  page.on('request', (request) => under.add(request))
  page.on('requestfinished', over)
  page.on('requestfailed', over)
  const answered = () =>
    new Promise<void>((resolve) => {
      told = resolve
      if (under.size === 0) resolve()
    })
  return async () => {
    for (let quiet = 0; quiet < 2; ) {
      await answered()
      await page.evaluate(shown)
      quiet = under.size === 0 ? quiet + 1 : 0
    }
  }
}
