import { Page } from '../../parts/page.tsx'

export default function YourAccount() {
  return <Page title="Your account">{null}</Page>
}
