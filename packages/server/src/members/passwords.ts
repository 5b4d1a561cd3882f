import { timingSafeEqual } from 'node:crypto'
import { type Argon2, argon2id, queueArgon2 } from './argon2.ts'

/** Makes and checks the hashes of passwords. Each call of either is one computation of argon2id. */
export type Passwords = {
  /** @returns a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH` */
  hash(password: string): Promise<string>
  /**
   * `stored: null` where there is no such account, or no password: it takes as long, and is never right.
   * `outdated`: made with other parameters than today's; to be hashed anew while the password is at hand.
   */
  check(password: string, stored: string | null): Promise<{ right: boolean; outdated: boolean }>
}

/** OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane. KiB and counts. */
export const passwordCost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const saltLength = 16
const tagLength = 32
const version = 19

type Cost = { memory: number; passes: number; parallelism: number }
type Stored = Cost & { salt: Buffer; tag: Buffer }

export function createPasswords(ctx: {
  random: (bytes: number) => Uint8Array
  argon2?: Argon2 | undefined
  cost?: Cost | undefined
}): Passwords {
  const compute = queueArgon2(ctx.argon2 ?? argon2id)
  const cost = ctx.cost ?? passwordCost
  // For accounts that are not there: a salt and a tag that nothing hashes to.
  const nobodys: Stored = { ...cost, salt: Buffer.from(ctx.random(saltLength)), tag: Buffer.alloc(tagLength) }
  const run = (password: string, { memory, passes, parallelism }: Cost, salt: Uint8Array, length: number) =>
    compute({
      message: password.normalize('NFC'),
      nonce: salt,
      memory,
      passes,
      parallelism,
      tagLength: length,
    })

  return {
    async hash(password) {
      const salt = Buffer.from(ctx.random(saltLength))
      return format({ ...cost, salt, tag: await run(password, cost, salt, tagLength) })
    },
    async check(password, text) {
      const found = text === null ? null : parse(text)
      const stored = found ?? nobodys
      const tag = await run(password, stored, stored.salt, stored.tag.length)
      const right = timingSafeEqual(tag, stored.tag) && found !== null
      return { right, outdated: right && !hasCost(stored, cost) }
    },
  }
}

const hasCost = (stored: Stored, cost: Cost): boolean =>
  stored.memory === cost.memory &&
  stored.passes === cost.passes &&
  stored.parallelism === cost.parallelism &&
  stored.tag.length === tagLength

/** The PHC string format, without padding. */
function format({ memory, passes, parallelism, salt, tag }: Stored): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=${version}$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

function parse(text: string): Stored | null {
  const [, memory, passes, parallelism, salt, tag] =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/.exec(text) ??
    []
  if (!salt || !tag) return null
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}
