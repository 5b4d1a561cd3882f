// Runs in every document before its own scripts: no window but within a person's click, as the strictest browsers have it.
const opens = window.open
window.open = (...given) => (window.event?.isTrusted ? opens.apply(window, given) : null)
