import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addSandboxIntegration, consent, startSession } from '../../../../test/support/connecting.ts'
import { eachDatabase } from '../../../../test/support/databases.ts'
import { startTestGrantry, type TestGrantry } from '../../../../test/support/grantry.ts'
import { readPicture } from './read-picture.ts'

eachDatabase("a workspace's logo", (database) => {
  /** The smallest files of their kind, of 3 × 2 pixels. */
  const png = (width = 3, height = 2, size = 33) => {
    const bytes = Buffer.alloc(size)
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
    bytes.writeUInt32BE(width, 16)
    bytes.writeUInt32BE(height, 20)
    return bytes
  }
  const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffffc0000b080002000301011100ffd9', 'hex')
  const webp = (kind: string, rest: string) => {
    const bytes = Buffer.alloc(40)
    bytes.write(`RIFF....WEBP${kind}`, 'latin1')
    Buffer.from(rest, 'hex').copy(bytes, 20)
    return bytes
  }
  const lossy = webp('VP8 ', '0000009d012a03000200')
  const lossless = webp('VP8L', '2f02400000')
  const extended = webp('VP8X', '00000000020000010000')
  const dataUrl = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`

  describe('what a picture says of itself', () => {
    test.each([
      ['PNG', png(), 'image/png'],
      ['JPEG', jpeg, 'image/jpeg'],
      ['lossy WebP', lossy, 'image/webp'],
      ['lossless WebP', lossless, 'image/webp'],
      ['extended WebP', extended, 'image/webp'],
    ])('%s', (_name, bytes, type) => {
      expect(readPicture(bytes)).toEqual({ type, width: 3, height: 2 })
    })

    test('nothing else is one, and a beginning alone is none', () => {
      for (const bytes of [png(), jpeg, lossy, lossless, extended])
        for (let length = 0; length < 20; length++) expect(readPicture(bytes.subarray(0, length))).toBeNull()
      for (const text of [
        '',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        'GIF89a',
        `RIFF....WEBPALPH${'x'.repeat(40)}`,
      ])
        expect(readPicture(Buffer.from(text.padEnd(64)))).toBeNull()
      // A JPEG whose parts lead nowhere.
      expect(readPicture(Buffer.from(`ffd8${'ffe00002'.repeat(20)}`, 'hex'))).toBeNull()
      expect(readPicture(Buffer.from(`ffd8ffe00000${'00'.repeat(20)}`, 'hex'))).toBeNull()
    })
  })

  describe('how a workspace looks', () => {
    let grantry: TestGrantry
    beforeAll(async () => {
      grantry = await startTestGrantry({ databaseUrl: database.url, world: { background: false } })
      await addSandboxIntegration(grantry, 'gmail')
    })
    afterAll(() => grantry?.close())

    const patch = (body: Record<string, unknown>) => grantry.call('PATCH', '/api/v1/workspace', body)
    const show = async () => (await grantry.call('GET', '/api/v1/workspace')).body.data
    const confirmPage = async () => {
      const session = await startSession(grantry, { provider: 'gmail', end_user: { id: 'ada' } })
      return (
        await grantry.call('GET', await consent(grantry, session.connect_url), undefined, { key: null })
      ).text
    }

    test('has neither logo nor colour until it is given', async () => {
      expect(await show()).toMatchObject({ logo: null, color: null })
      expect(await confirmPage()).toContain('<span>D</span>')
    })

    test('logo and colour stand on its pages, and can be taken away', async () => {
      const logo = dataUrl(png())
      expect((await patch({ logo, color: '#FFD400' })).body.data).toMatchObject({ logo, color: '#ffd400' })
      expect(await show()).toMatchObject({ logo, color: '#ffd400' })
      const page = await confirmPage()
      expect(page).toContain(`<img src="${logo}" alt=""`)
      expect(page).toContain('--button:#ffd400;--on-button:#000000')
      // Other settings leave it alone, and it leaves them alone.
      await patch({ allow_direct_links: false })
      expect((await patch({ logo: dataUrl(jpeg, 'image/jpeg') })).body.data.color).toBe('#ffd400')
      expect((await patch({ logo: null, color: null })).body.data).toMatchObject({ logo: null, color: null })
      expect(await confirmPage()).not.toMatch(/<img|#ffd400/)
    })

    test('is written down, but for the picture', async () => {
      await patch({ logo: dataUrl(png()), color: '#123456' })
      const { body } = await grantry.call('GET', '/api/v1/events?type=workspace.updated')
      expect(body.data[0].data).toEqual({ logo: 'changed', color: '#123456' })
      await patch({ logo: null, color: null })
    })

    test('the operator’s list has no pictures', async () => {
      await patch({ logo: dataUrl(png()) })
      const { body } = await grantry.call('GET', '/api/v1/workspaces', undefined, {
        key: grantry.operatorKey,
      })
      expect(body.data[0]).not.toHaveProperty('logo')
      await patch({ logo: null })
    })

    test.each([
      ['no data URL', 'https://example.com/logo.png'],
      ['nothing', ''],
      [
        'SVG, which is a document',
        dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'),
      ],
      [
        'SVG that calls itself PNG',
        dataUrl(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'.padEnd(60))),
      ],
      ['HTML that calls itself PNG', dataUrl(Buffer.from('<script>alert(1)</script>'.padEnd(60)))],
      ['a GIF', dataUrl(Buffer.from('GIF89a'.padEnd(60)), 'image/gif')],
      ['a picture wider than 1024 pixels', dataUrl(png(1025, 1))],
      ['a picture of no height', dataUrl(png(1, 0))],
      ['a file of more than 32 KiB', dataUrl(png(3, 2, 32_769))],
      ['markup after the data', `${dataUrl(png())}"><script>`],
      ['parameters', `data:image/png;charset=x;base64,${png().toString('base64')}`],
    ])('refuses %s', async (_what, logo) => {
      const answer = await patch({ logo })
      expect([answer.status, answer.body.errors?.[0].path]).toEqual([422, 'logo'])
      expect((await show()).logo).toBeNull()
    })

    test('takes a file of 32 KiB and a picture of 1024 pixels', async () => {
      expect((await patch({ logo: dataUrl(png(1024, 1024, 32_768)) })).status).toBe(200)
      await patch({ logo: null })
    })

    test('what it says it is does not count: it is served as what it is', async () => {
      const answer = await patch({ logo: dataUrl(jpeg, 'image/png') })
      expect(answer.body.data.logo).toMatch(/^data:image\/jpeg;/)
      await patch({ logo: null })
    })

    test.each(['red', '#fff', '#12345g', '#1234567', 'url(x)', '#123456;}body{display:none', ''])(
      'refuses the colour %s',
      async (color) => {
        const answer = await patch({ color })
        expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'color'])
      },
    )
  })
})
