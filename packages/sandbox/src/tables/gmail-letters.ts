type SeededLetter = { hours: number; labels: string[]; mime: string }

const base64 = (content: string) => Buffer.from(content).toString('base64')

/** From Subject on, as the sender wrote them: one of each kind of mail that there is. */
export const gmailLetters: SeededLetter[] = [
  {
    hours: 2,
    labels: ['INBOX', 'UNREAD', 'IMPORTANT'],
    mime: `Subject: Notes on the engine
Content-Type: text/plain; charset="UTF-8"

The new plate is engraved. Shall we meet on Thursday at ten?`,
  },
  {
    hours: 26,
    labels: ['INBOX'],
    mime: `Subject: A moth in relay 70
Content-Type: multipart/mixed; boundary="outer-70"

--outer-70
Content-Type: multipart/alternative; boundary="inner-70"

--inner-70
Content-Type: text/plain; charset="UTF-8"

It is taped into the logbook. The machine runs again.
--inner-70
Content-Type: text/html; charset="UTF-8"

<p>It is taped into the <b>logbook</b>. The machine runs again.</p>
--inner-70--

--outer-70
Content-Type: text/csv; charset="UTF-8"; name="logbook.csv"
Content-Disposition: attachment; filename="logbook.csv"
Content-Transfer-Encoding: base64

${base64('time,event\n15:45,"Relay #70 Panel F (moth) in relay."\n16:30,Größe geprüft\n')}
--outer-70
Content-Type: image/png; name="moth.png"
Content-Disposition: attachment; filename*=UTF-8''Motte%20%E2%98%80.png
Content-Transfer-Encoding: base64

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==
--outer-70--
`,
  },
  {
    hours: 75,
    labels: ['INBOX', 'UNREAD'],
    mime: `Subject: Invoice 2041
Content-Type: text/plain; charset="UTF-8"

Please find the sum of 120.00 EUR enclosed. Payable within 30 days.`,
  },
  {
    hours: 120,
    labels: ['INBOX', 'STARRED'],
    mime: `Subject: =?iso-8859-1?Q?Re=3A_Gr=FC=DFe?= =?UTF-8?B?${base64(' aus Zürich ☀')}?=
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><head><style>p { color: red }</style></head><body><p>Danke! Bis bald =
&ndash; wir sehen uns im Fr=FChling.</p></body></html>
`,
  },
]
