/** What the page's policy lets style elements in by; Vite leaves a place for it in the page, the server fills it in. */
const given = document.querySelector<HTMLElement>('meta[property=csp-nonce]')?.nonce ?? ''

// Where a dialog holds the page still, a library below Mantine writes a style element and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: given })

export const nonce = (): string => given
