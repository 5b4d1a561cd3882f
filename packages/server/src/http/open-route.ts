/** Options of a route for browsers: nobody need be known, and it is in no reference. */
export const openRoute = { config: { access: ['public'] as const }, schema: { hide: true } }
