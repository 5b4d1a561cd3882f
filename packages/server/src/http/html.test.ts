import fc from 'fast-check'
import { expect, test } from 'vitest'
import { html, ownSource, render, scriptJson } from './html.ts'

test('what is put in is text, wherever it stands', () => {
  const evil = `"><script>alert('x')</script>&`
  expect(render(html`<p title="${evil}">${evil}</p>`)).toBe(
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
  )
})

test('markup in markup stays, lists are joined, nothing is nothing, and an object is never markup by its looks', () => {
  expect(
    render(html`<ul>${['<', 'b'].map((it) => html`<li>${it}</li>`)}</ul>${null}${undefined}${false}${0}`),
  ).toBe('<ul><li>&lt;</li><li>b</li></ul>0')
  expect(render(html`${{ html: '<b>', toString: () => '<i>' }}`)).toBe('&lt;i&gt;')
  expect(render(html`${JSON.parse('{"raw":"<b>"}')}`)).not.toContain('<b>')
  expect(render(html`<style>${ownSource('a>b{}')}</style>`)).toBe('<style>a>b{}</style>')
})

test('no text ends its attribute or opens an element, and none is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = render(html`${text}`)
      expect(shown).not.toMatch(/[<>"']/)
      const back = shown
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
      expect(back).toBe(text)
    }),
    { seed: 11 },
  )
})

test('JSON in a script element cannot end it, and is still the same JSON', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.constantFrom('</script>', '<!--<script>', '\u2028\u2029')),
      (value) => {
        const text = render(scriptJson(value))
        expect(text).not.toMatch(/[<\u2028\u2029]/)
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value))
      },
    ),
    { seed: 12 },
  )
})
