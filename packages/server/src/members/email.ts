/** How an e-mail address is kept and compared: lower case, NFC, no space around. */
export function normalEmail(text: string): string {
  return text.trim().normalize('NFC').toLowerCase()
}

/** Something, an @, a host; whoever gets the invitation knows the rest better than any pattern. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/.test(text) && text.isWellFormed()
}
