import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '../../packages/server/src/languages/en.ts'
import { languages } from '../../packages/server/src/languages/language.ts'
import { type Key, type Speech, speechIn } from '../../packages/server/src/languages/speech.ts'
import { launchChromium } from '../support/chromium.ts'
import { everyPage, type People } from './every-page.fixture.ts'

const long = `The Most Honourable Society of ${'Interdepartmental'.repeat(4)} Customers and Friends`
  .padEnd(120, 's')
  .slice(0, 120)
/** Names as people have at worst: long, and in parts without a place to break. */
const people: People = {
  brand: { name: long, color: '#7a1fa2', logo: null },
  provider: `Enterprise${'Resource'.repeat(8)} Planning`,
  person: `${'a-very-long-name-without-a-break'.repeat(2).slice(0, 60)}@${'subdomain.'.repeat(8)}example.com`,
  app: long,
}

/** Runs in the page: what is wider than its place, or cut off by it. */
const faults = `(() => {
  const found = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) found.push('the page: ' + root.scrollWidth + ' px')
  for (const section of document.querySelectorAll('.frame')) {
    const main = section.querySelector('main')
    const name = section.id + ': '
    const box = main.getBoundingClientRect()
    if (main.scrollWidth > main.clientWidth) found.push(name + 'the card runs over, ' + main.scrollWidth)
    for (const element of main.querySelectorAll('*')) {
      if (element.matches('script, input[type=hidden], [hidden], [hidden] *')) continue
      const { left, right } = element.getBoundingClientRect()
      if (left < box.left - 1 || right > box.right + 1) found.push(name + element.tagName + ' leaves the card')
      const cut = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1
      const box_ = getComputedStyle(element)
      if (cut && box_.display !== 'inline' && box_.overflow !== 'visible' && !element.matches('input')) found.push(name + element.tagName + ' cuts its text')
      if (element.matches('button, .button, p, h1, h2, li, legend, label') && element.scrollWidth > element.clientWidth + 1)
        found.push(name + element.tagName + ' is narrower than its text: ' + element.textContent.slice(0, 40))
    }
  }
  return found
})()`

let browser: Browser
let page: Page
beforeAll(async () => {
  browser = await launchChromium()
  page = await (await browser.newContext({ viewport: { width: 320, height: 800 } })).newPage()
})
afterAll(() => browser?.close())

/** All pages below each other in one document, each as wide as the window: so that a language costs one layout. */
async function showAll(pages: Record<string, string>): Promise<void> {
  const style = /<style[^>]*>(.*?)<\/style>/s.exec(pages.confirm!)![1]
  const frames = Object.entries(pages).map(([name, text]) => {
    const main = /<main>.*<\/main>/s.exec(text)![0]
    return `<div class="frame" id="${name}">${main.replace(/<script.*?<\/script>/gs, '')}</div>`
  })
  await page.setContent(
    `<!doctype html><style>${style} body{display:block;padding:0} .frame{display:grid;place-items:center;padding:16px}</style>${frames.join('')}`,
  )
}

test.each(languages)(
  '%s: nothing overflows or is cut at 320 px, whatever people are called',
  async (language) => {
    const pages = await everyPage(speechIn(language), people)
    for (const [name, text] of Object.entries(pages))
      expect(/<html lang="([^"]*)">/.exec(text)?.[1], name).toBe(language)
    await showAll(pages)
    expect(await page.evaluate(faults)).toEqual([])
  },
)

test('what is too wide, or cut off, is seen', async () => {
  const wide =
    '<main><p style="overflow-wrap:normal">Donaudampfschifffahrtsgesellschaftskapitänswitwenrente</p></main>'
  const cut = '<main><p style="height:20px;overflow:hidden">one<br>two</p></main>'
  const pages = await everyPage(speechIn('en'), people)
  await showAll({
    confirm: pages.confirm!.replace(/<main>.*<\/main>/s, wide),
    cut: pages.confirm!.replace(/<main>.*<\/main>/s, cut),
  })
  const found = await page.evaluate<string[]>(faults)
  expect(found.some((fault) => fault.startsWith('confirm: '))).toBe(true)
  expect(found).toContain('cut: P cuts its text')
})

test('every message is on one of these pages: there is none that nobody reads', async () => {
  const said = new Set<string>()
  const listening = (speech: Speech): Speech => ({
    ...speech,
    say: (key, ...values) => {
      said.add(key)
      return speech.say(key, ...values)
    },
    mark: (key, ...values) => {
      said.add(key)
      return speech.mark(key, ...values)
    },
  })
  const pages = await everyPage(listening(speechIn('en')), people)
  // The core's own pages are asked for by the browser's language, so that nobody listens.
  const silent = (Object.keys(en) as Key[]).filter(
    (key) => !said.has(key) && !/^(device|request)\./.test(key),
  )
  expect(silent).toEqual([])
  const all = Object.values(pages).join('\n').replaceAll('&#39;', "'")
  for (const key of Object.keys(en).filter((key) => /^(device|request)\./.test(key)) as Key[])
    expect(all, key).toContain(en[key].split('{')[0])
})

test('many are searched by typing, and none is left out without', async () => {
  const { 'pick one of twelve': text } = await everyPage(speechIn('en'), { ...people, provider: 'Gmail' })
  await page.setContent(text!)
  const picks = page.locator('.picks li:visible')
  const words = page.getByLabel('Search')
  expect(await picks.count()).toBe(12)
  await words.fill('  proVIDER 1')
  expect(await picks.allTextContents()).toEqual(['Provider 1', 'Provider 10', 'Provider 11'])
  await words.fill('nothing like it')
  expect(await page.getByRole('status').textContent()).toBe('Nothing fits. Try another word.')
  await words.fill('')
  expect(await picks.count()).toBe(12)
  expect(await page.getByRole('status').count()).toBe(0)
})

/** For somebody who wants to look: every page, in light and dark, on a phone and at a desk. */
const pictures = process.env.GRANTRY_PICTURES

test.runIf(pictures)('pictures', { timeout: 600_000 }, async () => {
  const logo = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"><circle cx="24" cy="24" r="20" fill="#7a1fa2"/></svg>').toString('base64')}`
  const usual = { provider: 'Gmail', person: 'ada@example.com', app: 'Acme Reports' }
  const wanted = process.env.GRANTRY_PICTURES_OF?.split(',')
  await mkdir(pictures!, { recursive: true })
  for (const language of ['en', 'de', 'ja'] as const) {
    const brand = {
      name: 'Acme',
      color: language === 'de' ? '#ffd400' : '#7a1fa2',
      logo: language === 'en' ? null : logo,
    }
    const pages = await everyPage(
      speechIn(language),
      language === 'de'
        ? { ...people, brand: { ...people.brand, ...brand, name: 'Acme GmbH' } }
        : { ...usual, brand },
    )
    for (const [name, text] of Object.entries(pages)) {
      if (wanted && !wanted.includes(name.replaceAll(',', ''))) continue
      for (const [colorScheme, width] of [
        ['light', 375],
        ['dark', 375],
        ['light', 1280],
      ] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 800 })
        // What came of it leads on by itself.
        await page.setContent(/^pick/.test(name) ? text : text.replace(/<script.*?<\/script>/gs, ''))
        const file = `${name.replaceAll(/\W+/g, '-')}.${language}.${colorScheme}.${width}.png`
        await page.screenshot({ path: join(pictures!, file), fullPage: true })
      }
    }
  }
})
