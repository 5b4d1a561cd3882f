// Runs in the page.
;(() => {
  const faults = []
  const must = (holds, fault) => {
    if (!holds) faults.push(fault)
  }
  const all = (selector) => [...document.querySelectorAll(selector)]
  const root = document.documentElement
  must(root.lang === 'en', 'no language')
  must(document.title.length > 0 && document.title.length <= 180, 'no title')
  must(all('main').length === 1, 'not one main landmark')
  must(all('h1').length === 1, 'not one heading')
  must(root.scrollWidth <= innerWidth, `wider than the window: ${root.scrollWidth}`)
  const card = document.querySelector('main')
  const box = card.getBoundingClientRect()
  must(box.width <= 26 * 16, `the card is ${box.width} px wide`)
  must(Math.abs(box.left + box.right - root.clientWidth) <= 1, 'the card is not in the middle')
  must(box.top + scrollY >= 0, 'the card begins above the window')
  for (const field of all('input:not([type=hidden]), select, textarea')) {
    must(field.labels.length > 0, 'a field without a label')
    must(field.type === 'checkbox' || field.autocomplete !== '', `no autocomplete for ${field.id}`)
    for (const id of field.getAttribute('aria-describedby')?.split(' ') ?? [])
      must(document.getElementById(id), `${field.id} is described by ${id}, which is not there`)
  }
  for (const control of all('button, a, input:not([type=hidden])')) {
    // Shown by a script when there is something for it to do.
    if (control.closest('[hidden]')) continue
    must(control.textContent.trim() !== '' || control.labels?.length > 0, 'a control without a name')
    // A box is ticked by touching its label.
    const touched = control.type === 'checkbox' ? control.labels[0] : control
    must(touched.getBoundingClientRect().height >= 44, 'a control too small for a finger')
  }
  must(all('button:not(.quiet, .other), a.button:not(.other)').length <= 1, 'more than one primary button')

  for (const element of all('main, main *')) {
    if (element.matches('script, input[type=hidden]') || element.closest('[hidden]')) continue
    const { left, right } = element.getBoundingClientRect()
    must(left >= box.left - 1 && right <= box.right + 1, `${element.tagName} runs out of the card`)
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (!own) continue
    const ratio = contrast(getComputedStyle(element).color, groundOf(element))
    must(ratio >= 4.5, `${element.tagName} has a contrast of ${ratio.toFixed(2)}`)
  }
  return faults

  function groundOf(element) {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at)
      if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }

  /** WCAG 2.2, relative luminance and contrast ratio. */
  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  function luminance(colour) {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((text) => {
      const part = Number(text) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
})()
