import type { ApiKey } from '@grantry/sdk/transport'
import { Anchor, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Actions } from '../../parts/actions.tsx'
import { Ask } from '../../parts/ask.tsx'
import { Empty } from '../../parts/empty.tsx'
import { OnlyAdmins } from '../../parts/only-admins.tsx'
import { Page } from '../../parts/page.tsx'
import { type Column, Rows } from '../../parts/rows.tsx'
import { SecretOnce } from '../../parts/secret-once.tsx'
import { tell } from '../../parts/tell.tsx'
import { useList } from '../../parts/use-list.ts'
import { When } from '../../parts/when.tsx'
import { useClient, useMay } from '../../session.tsx'
import { useMemberNames } from '../members/use-member-names.ts'
import { CreateKey } from './create-key.tsx'
import { limitsInShort } from './key-limits.ts'
import { inShort } from './key-scopes.ts'
import { RotateKey } from './rotate-key.tsx'
import { ShowKey } from './show-key.tsx'
import { useApps } from './use-apps.ts'

/** What programs of the workspace call the API with. */
export default function Keys() {
  const [making, { open, close }] = useDisclosure()
  return (
    <Page
      title="API keys"
      sentence="A program calls the API with a key. Give each its own, with no more than it needs."
      action={useMay('admin') && <Button onClick={open}>New API key</Button>}
    >
      <OnlyAdmins what="API keys">
        <KeyList making={making} onMade={close} />
      </OnlyAdmins>
    </Page>
  )
}

function KeyList({ making, onMade }: { making: boolean; onMade: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const nameOf = useMemberNames()
  const apps = useApps()
  const [seen, setSeen] = useState<ApiKey | null>(null)
  const [rotating, setRotating] = useState<ApiKey | null>(null)
  const [ending, setEnding] = useState<ApiKey | null>(null)
  const [secret, setSecret] = useState<{ title: string; secret: string } | null>(null)
  const query = useList<ApiKey>(['api-keys', 'list'], (page, signal) => client.apiKeys.list(page, { signal }))
  const appOf = ({ app_id }: ApiKey) => apps.find(({ id }) => id === app_id)?.name ?? app_id

  const columns: Column<ApiKey>[] = [
    {
      head: 'Name',
      cell: (key) => (
        <Anchor
          component="button"
          type="button"
          display="block"
          maw="100%"
          truncate
          title={key.name}
          onClick={() => setSeen(key)}
        >
          {key.name}
        </Anchor>
      ),
    },
    {
      head: 'Scopes',
      cell: (key) => <span title={key.scopes.join('\n')}>{inShort(key.scopes)}</span>,
      width: '7rem',
    },
    { head: 'App', cell: (key) => appOf(key) ?? <Text c="dimmed">all</Text>, width: '7.5rem', wide: true },
    {
      head: 'Limits',
      cell: (key) => limitsInShort(key) ?? <Text c="dimmed">none</Text>,
      width: '7rem',
      wide: true,
    },
    {
      head: 'Made by',
      cell: (key) => nameOf(key.created_by) ?? <Text c="dimmed">—</Text>,
      width: '8.5rem',
      wide: true,
    },
    {
      head: 'Last used',
      cell: (key) => <When at={key.last_used_at} never="not yet" />,
      width: '7rem',
      wide: true,
    },
    { head: 'Ends', cell: (key) => <When at={key.expires_at} />, width: '6.5rem', wide: true },
    {
      head: 'Actions',
      width: '5.5rem',
      cell: (key) => (
        <Actions
          of={key.name}
          actions={[
            { label: 'Show', onClick: () => setSeen(key) },
            { label: 'Rotate …', onClick: () => setRotating(key) },
            { label: 'Delete …', onClick: () => setEnding(key), danger: true },
          ]}
        />
      ),
    },
  ]
  return (
    <>
      <Rows
        label="API keys"
        query={query}
        columns={columns}
        empty={
          <Empty title="No API keys">
            Make one for each program that calls Grantry: your backend, a job, an agent. You see its secret
            once.
          </Empty>
        }
      />
      <ShowKey
        apiKey={seen}
        app={seen && appOf(seen)}
        maker={seen && nameOf(seen.created_by)}
        onClose={() => setSeen(null)}
      />
      <CreateKey
        opened={making}
        onClose={onMade}
        onMade={({ name, secret }) => setSecret({ title: `${name} is made`, secret })}
      />
      <RotateKey
        apiKey={rotating}
        onClose={() => setRotating(null)}
        onRotated={({ name, secret }) => setSecret({ title: `${name} has a new secret`, secret })}
      />
      <SecretOnce
        title={secret?.title ?? ''}
        secret={secret?.secret ?? null}
        what="API key"
        hint="Put it where your program finds it, such as GRANTRY_API_KEY. Whoever has it can do what the key may."
        onClose={() => setSecret(null)}
      />
      <Ask
        opened={ending !== null}
        onClose={() => setEnding(null)}
        title="Delete this API key?"
        action="Delete key"
        typed={ending?.name ?? ''}
        onConfirm={async () => {
          await client.apiKeys.delete(ending!.id)
          tell(`${ending!.name} is deleted. What used it is refused from now on.`)
          await queries.invalidateQueries({ queryKey: ['api-keys'] })
        }}
      >
        What uses it is refused at once, and it cannot be brought back.
      </Ask>
    </>
  )
}
