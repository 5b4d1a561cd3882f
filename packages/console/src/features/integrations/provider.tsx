import { Page } from '../../parts/page.tsx'

export default function ShowProvider() {
  return <Page title="Provider">{null}</Page>
}
