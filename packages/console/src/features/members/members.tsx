import { Page } from '../../parts/page.tsx'

export default function Members() {
  return <Page title="Members">{null}</Page>
}
