import type { ApiKey } from '@grantry/sdk/transport'
import { List, Modal } from '@mantine/core'
import { Copyable } from '../../parts/copy.tsx'
import { Facts } from '../../parts/facts.tsx'
import { When } from '../../parts/when.tsx'
import { reachWords, useReachChoices } from './key-limits.ts'
import { sentenceOf } from './key-scopes.ts'

/** All that is known of a key; its secret is not. */
export function ShowKey({
  apiKey,
  app,
  maker,
  onClose,
}: {
  /** null: closed. */
  apiKey: ApiKey | null
  app: string | null
  maker: string | null
  onClose: () => void
}) {
  const choices = useReachChoices()
  return (
    <Modal opened={apiKey !== null} onClose={onClose} title={apiKey?.name} size="lg">
      {apiKey && (
        <Facts
          facts={[
            ['Id', <Copyable key="id" text={apiKey.id} what="key id" />],
            [
              'It may',
              <List key="scopes" size="sm" listStyleType="none" spacing={4}>
                {apiKey.scopes.map((scope) => (
                  <List.Item key={scope}>
                    {sentenceOf(scope)} <span className="mono">({scope})</span>
                  </List.Item>
                ))}
              </List>,
            ],
            ['App', apiKey.app_id === null ? 'The whole workspace' : (app ?? apiKey.app_id)],
            ['Reaches', reachWords(apiKey, choices)],
            ['Used from', apiKey.networks?.join(', ') ?? 'Anywhere'],
            ['Made by', maker ?? makerUnknown(apiKey)],
            ['Made', <When key="made" at={apiKey.created_at} />],
            ['Last used', <When key="used" at={apiKey.last_used_at} never="not yet" />],
            ['Ends', <When key="ends" at={apiKey.expires_at} />],
            ...(apiKey.previous_secret_ends_at
              ? ([['Old secret ends', <When key="old" at={apiKey.previous_secret_ends_at} />]] as [
                  string,
                  React.ReactNode,
                ][])
              : []),
          ]}
        />
      )}
    </Modal>
  )
}

/** Its maker may have left, or be the start of the server. */
export const makerUnknown = ({ created_by }: ApiKey): string =>
  created_by === null ? 'the server’s start, or another key' : 'somebody who is no longer a member'
