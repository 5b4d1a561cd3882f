import { Page } from '../../parts/page.tsx'

export default function InviteConnection() {
  return <Page title="Connect an account">{null}</Page>
}
