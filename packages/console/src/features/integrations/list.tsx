import { Page } from '../../parts/page.tsx'

export default function Integrations() {
  return <Page title="Integrations">{null}</Page>
}
