import type { App } from '@grantry/sdk/transport'
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Ask } from '../../parts/ask.tsx'
import { Copyable } from '../../parts/copy.tsx'
import { Empty } from '../../parts/empty.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { Section } from '../../parts/section.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient } from '../../session.tsx'
import { CreateApp } from './create-app.tsx'

/** The apps of the workspace. */
export function ListApps() {
  const client = useClient()
  const queries = useQueryClient()
  const [making, { open, close }] = useDisclosure()
  const [ending, setEnding] = useState<App | null>(null)
  const query = useList<App>(['apps', 'list'], (page, signal) => client.apps.list(page, { signal }))
  const columns: Column<App>[] = [
    { head: 'Name', cell: ({ name }) => <span title={name}>{name}</span> },
    { head: 'Id', cell: ({ id }) => <Copyable text={id} what="app id" />, wide: true },
    { head: 'Made', cell: ({ created_at }) => <When at={created_at} />, width: '9rem', wide: true },
    {
      head: 'Actions',
      width: '7rem',
      cell: (app) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          onClick={() => setEnding(app)}
          aria-label={`Delete ${app.name}`}
        >
          Delete
        </Button>
      ),
    },
  ]
  const create = <Button onClick={open}>New app</Button>
  return (
    <Section
      title="Apps"
      sentence="Integrations and connections of one app are invisible to every other: an API key that is narrowed to an app reaches that app’s and nothing else."
      action={create}
    >
      <Rows
        label="Apps"
        query={query}
        columns={columns}
        empty={
          <Empty title="No apps">
            Everything stands in the workspace itself. Make an app where two products, or test and production,
            must not see each other’s connections.
          </Empty>
        }
      />
      <CreateApp opened={making} onClose={close} />
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="Delete this app?"
        action="Delete app"
        typed={ending?.name ?? ''}
        onConfirm={async () => {
          await client.apps.delete(ending!.id)
          tell(`${ending!.name} is deleted, with its API keys.`)
          await queries.invalidateQueries({ queryKey: ['apps'] })
        }}
      >
        Its API keys end with it. Integrations and connections that it still has must be ended first.
      </Ask>
    </Section>
  )
}
