/** What belongs to no workspace: clients that registered themselves, signing keys. Matches no workspace's id. */
export const deployment = '00000000-0000-0000-0000-000000000000'
