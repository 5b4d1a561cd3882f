import type { Account } from '../accounts.ts'

export type KindName = 'contacts' | 'companies' | 'deals'

/** Times in milliseconds since the epoch. */
export type Rec = {
  id: string
  properties: Record<string, string>
  createdAt: number
  updatedAt: number
  links: { to: KindName; id: string }[]
}

/** What one account's hub holds. */
export type Portal = Record<KindName, Rec[]> & { next: number }

type PropertyFacts = { name: string; label: string; type: string; options?: string[]; readOnly?: boolean }

const property = (
  name: string,
  label: string,
  type = 'string',
  more: Partial<PropertyFacts> = {},
): PropertyFacts => ({
  name,
  label,
  type,
  ...more,
})

const system = [
  property('hs_object_id', 'Record ID', 'number', { readOnly: true }),
  property('createdate', 'Create date', 'datetime', { readOnly: true }),
  property('hubspot_owner_id', 'Owner', 'enumeration'),
]

export const properties: Record<KindName, PropertyFacts[]> = {
  contacts: [
    property('firstname', 'First name'),
    property('lastname', 'Last name'),
    property('email', 'Email'),
    property('phone', 'Phone number'),
    property('company', 'Company name'),
    property('jobtitle', 'Job title'),
    property('lifecyclestage', 'Lifecycle stage', 'enumeration', { options: ['lead', 'customer'] }),
    property('lastmodifieddate', 'Last modified date', 'datetime', { readOnly: true }),
    ...system,
  ],
  companies: [
    property('name', 'Company name'),
    property('domain', 'Company domain name'),
    property('industry', 'Industry', 'enumeration', { options: ['COMPUTER_HARDWARE', 'COMPUTER_SOFTWARE'] }),
    property('city', 'City'),
    property('country', 'Country/region'),
    property('phone', 'Phone number'),
    property('website', 'Website URL'),
    property('numberofemployees', 'Number of employees', 'number'),
    property('hs_lastmodifieddate', 'Last modified date', 'datetime', { readOnly: true }),
    ...system,
  ],
  deals: [
    property('dealname', 'Deal name'),
    property('amount', 'Amount', 'number'),
    property('deal_currency_code', 'Currency', 'enumeration', { options: ['EUR', 'GBP', 'USD'] }),
    property('dealstage', 'Deal stage', 'enumeration', {
      options: ['appointmentscheduled', 'contractsent', 'closedwon', 'closedlost'],
    }),
    property('pipeline', 'Pipeline', 'enumeration', { options: ['default'] }),
    property('closedate', 'Close date', 'datetime'),
    property('hs_lastmodifieddate', 'Last modified date', 'datetime', { readOnly: true }),
    ...system,
  ],
}

export const dealStages = [
  { id: 'closedlost', label: 'Closed lost', probability: '0.0', displayOrder: 3 },
  { id: 'appointmentscheduled', label: 'Appointment scheduled', probability: '0.2', displayOrder: 0 },
  { id: 'contractsent', label: 'Contract sent', probability: '0.9', displayOrder: 1 },
  { id: 'closedwon', label: 'Closed won', probability: '1.0', displayOrder: 2 },
]

const DAY = 86_400_000

/** The same few records for everybody. */
export const seedPortal = (_account: Account, now: number): Portal => {
  const rec = (id: string, days: number, values: Record<string, string>, links: Rec['links']): Rec => ({
    id,
    properties: values,
    createdAt: now - days * DAY,
    updatedAt: now - days * DAY,
    links,
  })
  return {
    contacts: [
      rec(
        '1',
        5,
        { email: 'charles@example.com', firstname: 'Charles', lastname: 'Babbage', lifecyclestage: 'lead' },
        [
          { to: 'companies', id: '11' },
          { to: 'deals', id: '21' },
        ],
      ),
      rec('2', 3, { email: 'mary@example.com', firstname: 'Mary', lastname: 'Somerville' }, []),
    ],
    companies: [
      rec(
        '11',
        6,
        { name: 'Difference Engines', domain: 'engines.example', city: 'London', numberofemployees: '12' },
        [{ to: 'contacts', id: '1' }],
      ),
    ],
    deals: [
      rec(
        '21',
        4,
        {
          dealname: 'Second engine',
          amount: '17000',
          dealstage: 'contractsent',
          pipeline: 'default',
          closedate: '2026-12-01T00:00:00Z',
        },
        [{ to: 'contacts', id: '1' }],
      ),
      rec(
        '22',
        2,
        { dealname: 'Spare wheels', amount: '90.5', dealstage: 'appointmentscheduled', pipeline: 'default' },
        [],
      ),
    ],
    next: 100,
  }
}
