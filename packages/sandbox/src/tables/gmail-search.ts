import { bodyText, field, filesOf, type Mailbox, type Message } from './gmail-mailbox.ts'

type Test = (message: Message) => boolean

/** The commonest operators of the search box; other words are looked for in subject, text and people. All must match, around an OR one. */
export const matching = (search: string, { labels }: Mailbox, now: number): Test => {
  const words = search.match(/-?(?:\w+:)?(?:"[^"]*"|\S+)/g) ?? []
  const groups: Test[][] = []
  for (const [index, word] of words.entries()) {
    if (word === 'OR') continue
    const test = testOf(word, labels, now)
    if (words[index - 1] === 'OR' && groups.length > 0) groups.at(-1)!.push(test)
    else groups.push([test])
  }
  return (message) => groups.every((group) => group.some((test) => test(message)))
}

const testOf = (word: string, labels: Mailbox['labels'], now: number): Test => {
  if (word.startsWith('-') && word.length > 1) {
    const wanted = testOf(word.slice(1), labels, now)
    return (message) => !wanted(message)
  }
  const [, operator = '', value = word] = /^(\w+):(.*)$/s.exec(word) ?? []
  const text = value.replaceAll('"', '').toLowerCase()
  const within =
    (...names: string[]): Test =>
    (message) =>
      names.some((name) => field(message, name).toLowerCase().includes(text))
  const tests: Record<string, () => Test> = {
    from: () => within('From'),
    to: () => within('To', 'Cc', 'Bcc'),
    cc: () => within('Cc'),
    bcc: () => within('Bcc'),
    subject: () => within('Subject'),
    is: () => labelled(text, labels),
    in: () => (text === 'anywhere' ? () => true : labelled(text, labels)),
    label: () => labelled(text, labels),
    has: () => (message) => text === 'attachment' && filesOf(message).length > 0,
    filename: () => (message) =>
      filesOf(message).some(({ part }) => part.filename.toLowerCase().includes(text)),
    rfc822msgid: () => (message) =>
      field(message, 'Message-ID').toLowerCase().replace(/[<>]/g, '') === text.replace(/[<>]/g, ''),
    after: () => (message) => message.at >= dayOf(text),
    before: () => (message) => message.at < dayOf(text),
    newer_than: () => (message) => message.at >= now - spanOf(text),
    older_than: () => (message) => message.at < now - spanOf(text),
  }
  if (word === 'is:read') return (message) => !message.labelIds.includes('UNREAD')
  return (
    tests[operator]?.() ??
    ((message) =>
      `${field(message, 'Subject')} ${bodyText(message)} ${field(message, 'From')} ${field(message, 'To')}`
        .toLowerCase()
        .includes(word.replaceAll('"', '').toLowerCase()))
  )
}

/** By name or id; blanks and slashes in names are written as hyphens. */
const labelled = (text: string, labels: Mailbox['labels']): Test => {
  const label = labels.find(
    ({ id, name }) => id.toLowerCase() === text || name.toLowerCase().replace(/[ /]/g, '-') === text,
  )
  return (message) => label !== undefined && message.labelIds.includes(label.id)
}

const dayOf = (text: string): number =>
  /^\d{10}$/.test(text) ? Number(text) * 1000 : Date.parse(`${text.replaceAll('/', '-')}T00:00:00Z`)

const spanOf = (text: string): number => {
  const [, count = '0', unit = 'd'] = /^(\d+)([dmy])$/.exec(text) ?? []
  return Number(count) * { d: 1, m: 30, y: 365 }[unit as 'd' | 'm' | 'y'] * 86_400_000
}
