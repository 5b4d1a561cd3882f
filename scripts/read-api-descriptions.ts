/**
 * Takes out of the providers' own packages what requests may hold, for test/tools/descriptions:
 *
 *     node scripts/read-api-descriptions.ts PIPEDRIVE HUBSPOT
 *
 * PIPEDRIVE is the unpacked npm package `pipedrive`, HUBSPOT the unpacked Python package `hubspot-sdk`. Both were made from
 * the API's description, which they do not ship as such; to have them installed for a test would be 40 MB.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** What one operation takes: names of what may be sent, and the scopes of which one is needed. */
export type Operation = {
  method: string
  path: string
  query: string[]
  body: string[]
  scopes?: string[]
  /** Of the conditions of a search. */
  filters?: string[]
}

const [pipedrive, hubspot] = process.argv.slice(2)
if (!pipedrive || !hubspot) throw new Error('Name the folders of both packages.')

write('pipedrive', `npm: pipedrive ${JSON.parse(read(`${pipedrive}/package.json`)).version}`, readPipedrive())
write(
  'hubspot',
  `PyPI: hubspot-sdk ${/__version__ = "([^"]+)"/.exec(read(`${hubspot}/hubspot_sdk/_version.py`))![1]}`,
  readHubspot(),
)

function read(path: string): string {
  return readFileSync(path, 'utf8')
}

function write(name: string, source: string, operations: Operation[]): void {
  const file = new URL(`../test/tools/descriptions/${name}.json`, import.meta.url)
  writeFileSync(file, `${JSON.stringify({ source, operations }, null, 2)}\n`)
}

/** Its functions build the request in code of one pattern; bodies are interfaces beside it. */
function readPipedrive(): Operation[] {
  const files = {
    v1: ['notes', 'activity-types', 'users'],
    v2: [
      'deals',
      'persons',
      'organizations',
      'activities',
      'pipelines',
      'stages',
      'deal-fields',
      'person-fields',
      'organization-fields',
    ],
  }
  const found = Object.entries(files).flatMap(([version, names]) =>
    names.flatMap((name) => {
      const base = `${pipedrive}/dist/versions/${version}`
      const code = read(`${base}/api/${name}-api.js`)
      const types = read(`${base}/api/${name}-api.d.ts`)
      const functions = code.matchAll(
        /^ {8}(\w+): \([^)]*\) => __awaiter.*?localVarPath = `([^`]*)`.*?method: '(\w+)'(.*?)setSearchParams/gms,
      )
      return [...functions].map(([, called, path, method, rest]): Operation => {
        const model = new RegExp(`${called}: \\([^)]*?\\w+Request\\?: (\\w+)`).exec(types)?.[1]
        return {
          method: method!,
          path: `/api/${version}${path}`,
          query: [...rest!.matchAll(/localVarQueryParameter(?:\['([^']+)'\]|\.(\w+)) =/g)]
            .map((one) => one[1] ?? one[2]!)
            .sort(),
          body: model && method !== 'GET' ? fieldsOf(`${base}/models`, model).sort() : [],
          scopes: [...(/"oauth2", \[([^\]]*)\]/.exec(rest!)?.[1] ?? '').matchAll(/"([^"]+)"/g)]
            .map((one) => one[1]!)
            .sort(),
        }
      })
    }),
  )
  return found
    .filter(
      ({ method, path }) => method !== 'DELETE' && /^\/api\/v\d\/\w+(?:\/(?:\{id\}|search|me))?$/.test(path),
    )
    .filter(
      ({ method, path }) => method === 'GET' || !/Fields|pipelines|stages|activityTypes|users/.test(path),
    )
    .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1))
}

/** The names in an interface, or in all that a type is put together of. */
function fieldsOf(models: string, name: string): string[] {
  const file = readdirSync(models).find((one) => one.replaceAll('-', '') === `${name.toLowerCase()}.d.ts`)
  const text = read(`${models}/${file}`)
  const together = new RegExp(`export type ${name} = ([\\w &]+);`).exec(text)?.[1]
  if (together) return together.split(' & ').flatMap((part) => fieldsOf(models, part))
  const start = text.indexOf(`export interface ${name} `)
  return [...text.slice(start, text.indexOf('\n}', start)).matchAll(/^ {4}'(\w+)'\??:/gm)].map(
    (one) => one[1]!,
  )
}

/** Its requests are typed dictionaries; a name with `alias` goes out as that. */
function readHubspot(): Operation[] {
  const types = `${hubspot}/hubspot_sdk/types/crm`
  const namesIn = (file: string) => {
    const text = read(`${types}/${file}.py`)
    const fields = text
      .slice(text.lastIndexOf('\nclass '))
      .matchAll(/^ {4}(\w+): (.*?)(?=^ {4}\w+: |(?![\s\S]))/gms)
    return [...fields].map(([, name, type]) => /alias="(\w+)"/.exec(type!)?.[1] ?? name!).sort()
  }
  const objects = { contact: 'contacts', company: 'companies', deal: '0-3' }
  return [
    ...Object.entries(objects).flatMap(([one, kind]): Operation[] => {
      const path = `/crm/objects/2026-03/${kind}`
      const params = (what: string) => namesIn(`objects/${one}_${what}_params`)
      const body = params('update').filter((name) => name !== 'idProperty')
      return [
        { method: 'GET', path, query: params('list'), body: [] },
        { method: 'POST', path, query: [], body: params('create') },
        { method: 'GET', path: `${path}/{${one}_id}`, query: params('get'), body: [] },
        { method: 'PATCH', path: `${path}/{${one}_id}`, query: ['idProperty'], body },
        {
          method: 'POST',
          path: `${path}/search`,
          query: [],
          body: params('search'),
          filters: namesIn('crm_filter_param'),
        },
      ]
    }),
    {
      method: 'GET',
      path: '/crm/properties/2026-03/{object_type}',
      query: namesIn('property_list_params'),
      body: [],
    },
    { method: 'GET', path: '/crm/pipelines/2026-03/{object_type}', query: [], body: [] },
  ]
}
