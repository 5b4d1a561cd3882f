// Every button works without this, as a link: the person goes to the provider and comes back. With it, those that say so
// open a window instead, and the shop's page stays where it is.
import { ConnectError, connect } from '/library/index.js'

const failure = document.getElementById('failure')
const words = JSON.parse(document.getElementById('failures').content.textContent)

for (const button of document.querySelectorAll('a[data-popup]')) {
  button.addEventListener('click', async (event) => {
    event.preventDefault()
    if (button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    failure.hidden = true
    try {
      await connect({ session: button.href, finish: '/connect/finish' })
      location.assign('/account')
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      failure.textContent = words[error.code] ?? `It did not work (${error.code}). Please try again later.`
      failure.hidden = false
    } finally {
      button.ariaBusy = 'false'
    }
  })
}
