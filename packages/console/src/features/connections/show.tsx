import { Page } from '../../parts/page.tsx'

export default function ShowConnection() {
  return <Page title="Connection">{null}</Page>
}
