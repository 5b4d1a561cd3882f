import type { Account } from '../accounts.ts'

export const ORGANISATION = '00D5a6db0c5EAA0EAM'
export const userOf = (number: number): string => `0055a6db0c5EAA${number}AAE`

/** A record: what is set, by the names of fields. */
export type Row = { Id: string } & Record<string, unknown>

/** What an account's organization holds: object → records, and the queries of which there is more to come. */
export type Org = {
  rows: Record<string, Row[]>
  queries: string[]
  next: number
  owner: { Id: string; Name: string }
}

export type FieldFacts = {
  name: string
  label: string
  type: string
  length?: number
  /** Must be given at creation. */
  required?: boolean
  /** Set by the service alone. */
  system?: boolean
  values?: string[]
  refersTo?: string
  relationship?: string
}

export type ObjectFacts = {
  name: string
  label: string
  prefix: string
  custom: boolean
  fields: FieldFacts[]
}

const text = (name: string, label: string, more: Partial<FieldFacts> = {}): FieldFacts => ({
  name,
  label,
  type: 'string',
  length: 255,
  ...more,
})

const system: FieldFacts[] = [
  { name: 'Id', label: 'Record ID', type: 'id', length: 18, system: true },
  {
    name: 'OwnerId',
    label: 'Owner ID',
    type: 'reference',
    length: 18,
    refersTo: 'User',
    relationship: 'Owner',
  },
  { name: 'CreatedDate', label: 'Created Date', type: 'datetime', system: true },
  { name: 'LastModifiedDate', label: 'Last Modified Date', type: 'datetime', system: true },
]
const account: FieldFacts = {
  name: 'AccountId',
  label: 'Account ID',
  type: 'reference',
  length: 18,
  refersTo: 'Account',
  relationship: 'Account',
}

export const objects: ObjectFacts[] = [
  {
    name: 'Account',
    label: 'Account',
    prefix: '001',
    custom: false,
    fields: [
      ...system,
      text('Name', 'Account Name', { required: true }),
      text('Phone', 'Account Phone', { type: 'phone', length: 40 }),
      text('Website', 'Website', { type: 'url' }),
      text('Industry', 'Industry', { type: 'picklist', values: ['Engineering', 'Technology'] }),
    ],
  },
  {
    name: 'Contact',
    label: 'Contact',
    prefix: '003',
    custom: false,
    fields: [
      ...system,
      account,
      text('LastName', 'Last Name', { required: true, length: 80 }),
      text('FirstName', 'First Name', { length: 40 }),
      text('Email', 'Email', { type: 'email', length: 80 }),
      text('Phone', 'Business Phone', { type: 'phone', length: 40 }),
    ],
  },
  {
    name: 'Opportunity',
    label: 'Opportunity',
    prefix: '006',
    custom: false,
    fields: [
      ...system,
      account,
      text('Name', 'Name', { required: true, length: 120 }),
      text('StageName', 'Stage', { type: 'picklist', required: true, values: ['Prospecting', 'Closed Won'] }),
      { name: 'CloseDate', label: 'Close Date', type: 'date', required: true },
      { name: 'Amount', label: 'Amount', type: 'currency' },
    ],
  },
  {
    name: 'Invoice__c',
    label: 'Invoice',
    prefix: 'a00',
    custom: true,
    fields: [...system, text('Name', 'Invoice Number', { required: true, length: 80 })],
  },
]

export const idOf = ({ prefix }: ObjectFacts, number: number): string =>
  `${prefix}5a6db0c5${String(number).padStart(4, '0')}AAE`

/** An ISO time as this service writes it. */
export const time = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')

export const seedOrg = (person: Account, now: number): Org => {
  const owner = { Id: userOf(person.number), Name: person.name }
  const row = (object: string, number: number, facts: Record<string, unknown>): Row => ({
    Id: idOf(objects.find(({ name }) => name === object)!, number),
    OwnerId: owner.Id,
    CreatedDate: time(now),
    LastModifiedDate: time(now),
    ...facts,
  })
  const engines = row('Account', 1, {
    Name: 'Analytical Engines',
    Industry: 'Engineering',
    Phone: '+44 20 7946 0018',
  })
  return {
    owner,
    rows: {
      Account: [engines],
      Contact: [
        row('Contact', 2, {
          LastName: 'Babbage',
          FirstName: 'Charles',
          Email: 'charles@example.com',
          AccountId: engines.Id,
        }),
        row('Contact', 3, { LastName: "O'Brien", FirstName: 'Kate' }),
      ],
      Opportunity: [],
      Invoice__c: [],
    },
    queries: [],
    next: 100,
  }
}
