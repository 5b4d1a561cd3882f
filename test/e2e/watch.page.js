// Runs in every document before its own scripts.
addEventListener('securitypolicyviolation', (event) =>
  console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI}`),
)
addEventListener('DOMContentLoaded', () => {
  const storage = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])
  window.tellSight({ url: location.href, markup: document.documentElement.outerHTML, storage })
})
