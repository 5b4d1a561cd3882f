import { Page } from '../../parts/page.tsx'

export default function ShowIntegration() {
  return <Page title="Integration">{null}</Page>
}
