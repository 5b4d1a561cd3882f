import { Decrypter, Encrypter } from 'age-encryption'
import { expect, test } from 'vitest'
import { passphraseKey } from './scrypt-stanza.ts'

/** Little work: what is tested here is the format. */
const factor = 10

test("what it seals the library's own opens, and the other way round", async () => {
  const ours = new Encrypter()
  ours.addRecipient(passphraseKey('pässphrase', factor))
  const theirs = new Decrypter()
  theirs.addPassphrase('pässphrase')
  expect(await theirs.decrypt(await ours.encrypt('a text'), 'text')).toBe('a text')

  const library = new Encrypter()
  library.setPassphrase('pässphrase')
  library.setScryptWorkFactor(factor)
  const sealed = await library.encrypt('another')
  const opener = new Decrypter()
  opener.addIdentity(passphraseKey('pässphrase'))
  expect(await opener.decrypt(sealed, 'text')).toBe('another')
  const wrong = new Decrypter()
  wrong.addIdentity(passphraseKey('passphrase'))
  await expect(wrong.decrypt(sealed)).rejects.toThrow()
})

test('a file that asks for endless work is not tried', async () => {
  const library = new Encrypter()
  library.setPassphrase('x')
  library.setScryptWorkFactor(factor)
  const sealed = Buffer.from(await library.encrypt('text')).toString('latin1')
  const opener = new Decrypter()
  opener.addIdentity(passphraseKey('x'))
  const endless = Buffer.from(sealed.replace(/(-> scrypt \S+) 10/, '$1 30'), 'latin1')
  await expect(opener.decrypt(endless)).rejects.toThrow('no identity')
})
