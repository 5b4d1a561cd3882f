import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import type { Context } from '../context.ts'
import { type ChainMetrics, createChainMetrics } from './chain.ts'
import { type QueueFigures, watchQueues } from './queues.ts'
import { createRefreshMetrics, type RefreshMetrics } from './refresh.ts'
import { createRequestMetrics, type RequestMetrics } from './requests.ts'
import { createVaultMetrics, type VaultMetrics } from './vault.ts'
import { createWebhookMetrics, type WebhookMetrics } from './webhooks.ts'

/** What this process counts of itself, for whoever watches it. Numbers only: no workspace, person, token or URL is in it. */
export type Metrics = {
  refresh: RefreshMetrics
  requests: RequestMetrics
  vault: VaultMetrics
  chain: ChainMetrics
  webhooks: WebhookMetrics
  /** A commit of audit events failed; what waited for it was refused. */
  auditCommitFailed(): void
  /** A credential was used from a network that it is not for. */
  sourceRefused(): void
  /** From now on also what the process is made of: CPU, memory, garbage collection, the event loop's lag. Once. */
  watchProcess(): void
  /** From now on also what waits in the deployment; asked for at a scrape, not at each. Once. */
  watchQueues(read: () => Promise<QueueFigures>): void
  /** Prometheus text format. */
  render(): Promise<string>
  readonly contentType: string
}

export type MetricsOptions = Pick<Context, 'catalogue'> & {
  /** Which of the processes that share a port this is, from 1; each has numbers of its own. */
  worker?: number
}

/** A registry of its own: two servers in one process do not count each other's. */
export function createMetrics({ catalogue, worker = 1 }: MetricsOptions): Metrics {
  const register = new Registry()
  register.setDefaultLabels({ worker: String(worker) })
  const auditFailures = new Counter({
    name: 'grantry_audit_commit_failures_total',
    help: 'Commits to the audit log that failed; what waited for them was refused',
    registers: [register],
  })
  const sourceRefusals = new Counter({
    name: 'grantry_source_refusals_total',
    help: 'Calls with a credential from a network that it is not for',
    registers: [register],
  })
  return {
    refresh: createRefreshMetrics(register, (provider) =>
      provider !== null && catalogue.has(provider) ? provider : 'generic',
    ),
    requests: createRequestMetrics(register),
    vault: createVaultMetrics(register),
    chain: createChainMetrics(register),
    webhooks: createWebhookMetrics(register),
    auditCommitFailed: () => auditFailures.inc(),
    sourceRefused: () => sourceRefusals.inc(),
    watchProcess: () => collectDefaultMetrics({ register }),
    watchQueues: (read) => watchQueues(register, read),
    render: () => register.metrics(),
    contentType: register.contentType,
  }
}
