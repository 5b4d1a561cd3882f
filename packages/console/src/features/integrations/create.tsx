import { Page } from '../../parts/page.tsx'

export default function CreateIntegration() {
  return <Page title="New integration">{null}</Page>
}
