/** The parts that a password may not consist of alone: what everybody tries first. */
const common = new Set(
  `123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 1234567890ab 111111111111 000000000000
  123123123123 121212121212 987654321098 112233445566 102030405060 qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertyqwerty
  qwerty123456 qwerty1234567 qwerty12345678 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3
  asdfghjkl123 asdfasdfasdf abcdefghijkl abcdefghijklm abcd12345678 abc123abc123 abc123456789 a123456789012 aaaaaaaaaaaa
  password1234 password12345 password123456 passwordpassword password2024 password2025 password2026 passw0rd1234
  p@ssw0rd1234 p@ssword1234 p@ssword12345 mypassword123 changeme1234 changemechangeme letmeinletmein letmein12345
  welcome12345 welcome123456 welcomewelcome admin1234567 admin12345678 adminadminadmin administrator administrator1
  administrator123 iloveyou1234 iloveyouiloveyou princess1234 sunshine1234 football1234 baseball1234 superman1234
  dragon123456 monkey123456 master123456 michael12345 trustno1trustno1 secretsecret secret123456 correcthorsebatterystaple
  grantrygrantry grantry12345 grantry123456`.split(/\s+/),
)

const shortest = 12
const longest = 128

/**
 * What is wrong with a new password, as a sentence for its owner; null when it will do. Length is what counts
 * (NIST SP 800-63B §3.1.1): any characters may be in it, none must.
 */
export function judgePassword(password: string, email: string): string | null {
  const length = [...password].length
  if (length < shortest)
    return `Use at least ${shortest} characters. A few words in a row are easy to remember.`
  if (length > longest) return `Use at most ${longest} characters.`
  const plain = password.normalize('NFC').toLowerCase()
  const [local = ''] = email.split('@')
  if (plain === email.toLowerCase() || (local.length > 2 && plain === local + local))
    return 'Use something else than your e-mail address.'
  if (common.has(plain) || new Set(plain).size < 4)
    return 'This password is among the first that anyone would try. Use a few words in a row.'
  return null
}
