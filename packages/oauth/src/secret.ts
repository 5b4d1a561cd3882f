const contents = new WeakMap<Secret, string>()

/**
 * A value that must not be seen: it refuses to print, serialise or concatenate as anything but `[secret]`.
 * `expose()` is the one way to the text, so that a search for it finds every place where a secret is used.
 */
export class Secret {
  constructor(text: string) {
    contents.set(this, text)
  }

  expose(): string {
    return contents.get(this)!
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}
