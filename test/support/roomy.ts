/**
 * For Node processes of tests: much is made there and little kept, and with room for it a twentieth to a fifth of the time is
 * saved, the most of it at starts. The product is started with less (docs/deployment.md).
 */
export const roomy = ['--min-semi-space-size=64', '--max-semi-space-size=64']
