// A web shop whose customers connect accounts of theirs. What concerns Grantry is marked; the rest any shop has.
import { fileURLToPath } from 'node:url'
import { connect } from '@grantry/sdk/express'
import express from 'express'
import { accountPage, shopPage, signInPage } from './pages.mjs'
import { createPeople, password } from './people.mjs'

const services = [
  {
    provider: 'gmail',
    name: 'Gmail',
    why: 'We find the invoices in your mail, so that you can send things back without them.',
    popup: true,
  },
  {
    provider: 'google-calendar',
    name: 'Google Calendar',
    why: 'We deliver on days when you are at home.',
    popup: false,
  },
]

/**
 * @param grantry the SDK's client
 * @param url of Grantry
 * @param origin where the shop is reached
 * @param library folder of the built @grantry/connect
 */
export function createShop({ grantry, url, origin, library }) {
  const people = createPeople()
  const app = express()
  app.disable('x-powered-by')
  // The page asks Grantry how its session stands, besides its own server.
  const policy = `default-src 'self'; connect-src 'self' ${url}; img-src data:; frame-ancestors 'none'`
  app.use((_request, response, next) => {
    response.set('content-security-policy', policy)
    next()
  })
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))))
  app.use('/library', express.static(library))
  app.use((request, _response, next) => {
    request.person = people.signedIn(request)
    next()
  })
  const form = express.urlencoded({ extended: false })
  const signedIn = (request, response, next) => (request.person ? next() : response.redirect(303, '/sign-in'))

  // ── Grantry: three routes, and what is kept is theirs. ──
  const { start, finish } = connect({
    grantry,
    endUser: ({ person }) => person,
    finishUrl: `${origin}/connect/finish`,
    returnTo: '/account',
    session: ({ query }) => ({
      provider: query.provider,
      connection_id: query.connection,
      access_type: 'read',
    }),
  })
  app.all('/connect', start)
  app.all('/connect/finish', finish)
  app.post('/disconnect', signedIn, form, async (request, response) => {
    const mine = await connectionsOf(request.person)
    const connection = mine.find(({ id }) => id === request.body.connection)
    if (connection) await grantry.connections.delete(connection.id)
    response.redirect(303, '/account')
  })

  async function connectionsOf({ id }) {
    const all = []
    for await (const connection of grantry.connections.list({ end_user: id }))
      if (connection.status !== 'revoked') all.push(connection)
    return all
  }

  /** Their subjects, asked for by way of Grantry: the shop never has a token. */
  async function invoicesIn({ id }) {
    const gmail = grantry.fetch(id)
    const list = await gmail('/gmail/v1/users/me/messages?q=invoice&maxResults=3')
    const { messages = [] } = list.ok ? await list.json() : {}
    return Promise.all(
      messages.map(async (message) => {
        const answer = await gmail(
          `/gmail/v1/users/me/messages/${message.id}?format=metadata&metadataHeaders=Subject`,
        )
        return (await answer.json()).payload.headers.find(({ name }) => name === 'Subject')?.value ?? ''
      }),
    )
  }
  // ── From here on only the shop. ──

  app.get('/', (request, response) => response.send(shopPage(request.person)))

  app.get('/sign-in', (request, response) =>
    request.person ? response.redirect(303, '/account') : response.send(signInPage({ password })),
  )
  app.post('/sign-in', form, (request, response) => {
    const { email } = request.body ?? {}
    if (people.signIn(response, request.body ?? {})) response.redirect(303, '/account')
    else response.status(401).send(signInPage({ email, wrong: true, password }))
  })
  app.post('/sign-out', (request, response) => {
    people.signOut(request, response)
    response.redirect(303, '/')
  })

  app.get('/account', signedIn, async (request, response) => {
    const mine = await connectionsOf(request.person)
    const shown = await Promise.all(
      services.map(async (service) => {
        const connection = mine.find(({ provider }) => provider === service.provider) ?? null
        const reads = service.provider === 'gmail' && connection?.status === 'active'
        const found = reads ? await invoicesIn(connection).catch(() => null) : null
        return { ...service, connection, found }
      }),
    )
    const code = typeof request.query.connect_error === 'string' ? request.query.connect_error : null
    response.send(accountPage({ person: request.person, services: shown, code }))
  })

  return app
}
