// Runs in the page, and tells how many things can be reached. Notes where the Tab key leads and how what has the focus looks, then what it looks like without.
;(() => {
  const reached = new Map()
  const looksOf = (element) => {
    // The focus of a hidden box is drawn by what stands beside it, and that of a field by its frame.
    const drawn = [element, element.nextElementSibling, element.parentElement].filter(Boolean)
    return drawn.map((one) => {
      const { outlineStyle, outlineWidth, outlineColor, borderColor, boxShadow } = getComputedStyle(one)
      return [outlineStyle === 'none' || outlineWidth, outlineColor, borderColor, boxShadow].join()
    })
  }
  let first = null
  let around = false
  const note = ({ target }) => {
    around ||= target === first
    first ??= target
    reached.set(target, looksOf(target).join('|'))
  }
  addEventListener('focusin', note)

  const seen = (element) => {
    const { visibility } = getComputedStyle(element)
    return visibility !== 'hidden' && element.getClientRects().length > 0
  }
  const nameOf = (element) => {
    const label =
      element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent
    return `${element.tagName.toLowerCase()} "${(label ?? '').trim().slice(0, 60)}"`
  }
  const selector = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
  const controls = () =>
    [...document.querySelectorAll(selector)].filter(
      (element) =>
        element.tabIndex >= 0 &&
        !element.disabled &&
        seen(element) &&
        !element.closest('[inert], [aria-hidden=true]'),
    )
  globalThis.walked = {
    around: () => around,
    /** What cannot be reached, and what cannot be seen when it is. */
    end() {
      removeEventListener('focusin', note)
      document.activeElement.blur()
      // Of a group of radio buttons the key reaches one; arrows lead to the others.
      const groups = new Set(
        [...reached.keys()].filter(({ type }) => type === 'radio').map(({ name }) => name),
      )
      const missed = controls().filter(
        (element) => !reached.has(element) && !(element.type === 'radio' && groups.has(element.name)),
      )
      const unseen = [...reached].filter(
        ([element, looks]) => element.isConnected && looksOf(element).join('|') === looks,
      )
      return [
        ...missed.map((element) => `${nameOf(element)} is not reached by the Tab key`),
        ...unseen.map(([element]) => `the focus on ${nameOf(element)} cannot be seen`),
      ]
    },
  }
  return controls().length
})()
