import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const { resolve } = createRequire(import.meta.url)

/** A page of React's that connects by the hook: its state as JSON, and a button that takes the component away. */
const source = `
import { createElement as element, Fragment, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useConnect } from './react.js'

const seen = []
function Connect() {
  const { start, status, connection, error } = useConnect({ session: '/session' })
  if (seen.at(-1) !== status) seen.push(status)
  // A person who clicks twice.
  const twice = () => { start(); start() }
  const state = { status, seen, id: connection?.connectionId, code: error?.code }
  return element(Fragment, null,
    element('button', { onClick: twice }, 'Connect'),
    element('output', { id: 'state' }, JSON.stringify(state)))
}
function Page() {
  const [shown, setShown] = useState(true)
  return element(Fragment, null, shown && element(Connect), element('button', { onClick: () => setShown(false) }, 'Leave'))
}
createRoot(document.getElementById('root')).render(element(Page))
`

/** Bundles it beside the built package, as `hook-page.js`: the package as it is published, with the React of this repository. */
export async function buildHookPage(library: string): Promise<void> {
  const entry = join(library, 'hook-page.source.js')
  await writeFile(entry, source)
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'warn',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: {
        react: dirname(resolve('react/package.json')),
        'react-dom': dirname(resolve('react-dom/package.json')),
      },
    },
    build: {
      lib: { entry, formats: ['es'], fileName: () => 'hook-page.js' },
      outDir: library,
      emptyOutDir: false,
      target: 'es2022',
    },
  })
}
