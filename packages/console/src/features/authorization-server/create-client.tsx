import { Page } from '../../parts/page.tsx'

export default function CreateClient() {
  return <Page title="New OAuth client">{null}</Page>
}
