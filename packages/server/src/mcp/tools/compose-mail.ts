import { ToolError } from './tool-error.ts'

/** What a tool's `mail` expression gives. */
export type Mail = {
  from?: string
  to?: string[]
  cc?: string[]
  bcc?: string[]
  subject?: string
  text?: string
  html?: string
  in_reply_to?: string
  references?: string
  attachments?: { filename: string; content_type?: string; content: string }[]
}

/** Gmail takes 25 MB, of what base64 makes a third longer. */
const mostBytes = 18 * 1024 * 1024

/**
 * The mail as it goes over the wire (RFC 5322, MIME), in base64url.
 * @throws ToolError for addresses that are none and attachments that cannot be read
 */
export async function composeMail(mail: Mail): Promise<string> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer/index.js')
  for (const address of [...(mail.to ?? []), ...(mail.cc ?? []), ...(mail.bcc ?? [])]) checkAddress(address)
  const attachments = (mail.attachments ?? []).map(({ filename, content_type, content }) => ({
    filename,
    content: bytesOf(filename, content),
    ...(content_type === undefined ? {} : { contentType: content_type }),
  }))
  const size = attachments.reduce((sum, { content }) => sum + content.length, 0)
  if (size > mostBytes)
    throw new ToolError(
      `The attachments are ${Math.ceil(size / 1024 / 1024)} MB together; 18 MB can be sent.`,
    )
  const { in_reply_to, references, attachments: _, ...rest } = mail
  const message = new MailComposer({
    ...rest,
    ...(in_reply_to === undefined ? {} : { inReplyTo: in_reply_to }),
    ...(references === undefined ? {} : { references }),
    attachments,
    // Nothing is fetched or read for a mail: its parts are all in the call.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  // The service strips Bcc itself, and needs it to know whom to send to.
  message.keepBcc = true
  return (await message.build()).toString('base64url')
}

/** One address, with or without a name; a line break would begin another header. */
function checkAddress(address: string): void {
  if (
    /[\r\n\0]/.test(address) ||
    !/^(?:[^<>@]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@,;]+@[^<>\s@,;]+)$/.test(address.trim())
  )
    throw new ToolError(
      `"${address.slice(0, 100)}" is not a mail address. Write ada@example.com or Ada <ada@example.com>.`,
    )
}

function bytesOf(filename: string, content: string): Buffer {
  if (!/^[A-Za-z0-9+/_-]*={0,2}\s*$/.test(content.replaceAll(/\s/g, '')))
    throw new ToolError(`The content of "${filename}" is not base64.`)
  return Buffer.from(content, 'base64')
}
