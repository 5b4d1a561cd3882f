const tabs = ['apps', 'clients', 'authorized'] as const

export type AppsTab = (typeof tabs)[number]

/** Which of the lists the address means; absent: the first that the member may see. */
export const readAppsTab = ({ tab }: Record<string, unknown>): { tab?: AppsTab } =>
  tabs.includes(tab as AppsTab) ? { tab: tab as AppsTab } : {}
