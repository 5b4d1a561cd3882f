export type Status = 'ok' | 'warning' | 'failed' | 'unknown'

/** As the server tells findings, and as those of the command line itself are told. */
export type Finding = {
  check: string
  status: Status
  what: string
  todo: string | null
  where: string | null
}

export const fine = (check: string, what: string): Finding => ({
  check,
  status: 'ok',
  what,
  todo: null,
  where: null,
})

export const fault = (
  check: string,
  status: 'warning' | 'failed' | 'unknown',
  what: string,
  todo: string | null,
  where: string | null = null,
): Finding => ({ check, status, what, todo, where })

const order: Status[] = ['failed', 'warning', 'unknown', 'ok']

/** The worst of them. */
export const worst = (findings: { status: Status }[]): Status =>
  order.find((status) => findings.some((finding) => finding.status === status)) ?? 'ok'
