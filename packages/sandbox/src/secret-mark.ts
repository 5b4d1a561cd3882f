/**
 * Stands in every code, token and client secret that the sandbox hands out, so that a search for it in logs,
 * databases and answers finds each place that a secret reached.
 */
export const SECRET_MARK = 'sandboxcanary'
