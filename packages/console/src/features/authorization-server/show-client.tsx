import { Page } from '../../parts/page.tsx'

export default function ShowClient() {
  return <Page title="OAuth client">{null}</Page>
}
