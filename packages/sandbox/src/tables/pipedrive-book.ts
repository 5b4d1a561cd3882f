import { type Account, accounts } from '../accounts.ts'

/** Of any kind; times in milliseconds since the epoch. Fields stand as v2 has them. */
export type Row = { id: number; owner_id: number; add_time: number; update_time: number } & Record<
  string,
  unknown
>

export type KindName = 'deals' | 'persons' | 'organizations' | 'activities'

export type Note = {
  id: number
  content: string
  deal_id: number | null
  person_id: number | null
  org_id: number | null
  user_id: number
  add_time: number
  update_time: number
}

/** What one account sees of its company. */
export type Company = Record<KindName, Row[]> & { notes: Note[]; next: number }

const DAY = 86_400_000

export const userId = (account: Account): number => 179 + account.number

/** Custom fields go by hashes. */
export const MATERIAL = '9dc80c50d78a15643bfc4ca79d76156a73a1ca0e'
export const REMARK = '2f1b7f1d6d1c2b0a9e8d7c6b5a4f3e2d1c0b9a87'
export const NICKNAME = '0b1c2d3e4f5a69788796a5b4c3d2e1f00f1e2d3c'

type FieldFacts = {
  field_code: string
  field_name: string
  field_type: string
  options?: { id: number; label: string }[]
  custom?: boolean
}

const labels = [
  { id: 1, label: 'Hot' },
  { id: 2, label: 'Cold' },
]
const label: FieldFacts = { field_code: 'label_ids', field_name: 'Label', field_type: 'set', options: labels }

export const fields: Record<'deal' | 'person' | 'organization', FieldFacts[]> = {
  deal: [
    { field_code: 'title', field_name: 'Title', field_type: 'varchar' },
    { field_code: 'value', field_name: 'Value', field_type: 'monetary' },
    label,
    {
      field_code: MATERIAL,
      field_name: 'Material',
      field_type: 'enum',
      options: [
        { id: 12, label: 'Brass' },
        { id: 13, label: 'Steel' },
      ],
      custom: true,
    },
    { field_code: REMARK, field_name: 'Remark', field_type: 'varchar', custom: true },
  ],
  person: [
    { field_code: 'name', field_name: 'Name', field_type: 'varchar' },
    label,
    { field_code: NICKNAME, field_name: 'Nickname', field_type: 'varchar', custom: true },
  ],
  organization: [{ field_code: 'name', field_name: 'Name', field_type: 'varchar' }, label],
}

export const pipelines = [
  { id: 1, name: 'Engines', order_nr: 1, is_deleted: false, is_deal_probability_enabled: true },
]

export const stages = ['Asked', 'Offered', 'Agreed'].map((name, index) => ({
  id: index + 1,
  order_nr: index + 1,
  name,
  is_deleted: false,
  deal_probability: [20, 50, 90][index]!,
  pipeline_id: 1,
  is_deal_rot_enabled: false,
  days_to_rotten: null,
}))

export const activityTypes = ['call', 'meeting', 'task', 'deadline', 'email', 'lunch'].map((key, index) => ({
  id: index + 1,
  order_nr: index + 1,
  name: key[0]!.toUpperCase() + key.slice(1),
  key_string: key,
  icon_key: key,
  active_flag: true,
  is_custom_flag: false,
}))

/** A small book of business for each account. */
export const seedCompany = (account: Account, now: number): Company => {
  const owner_id = userId(account)
  const row = (id: number, days: number, facts: Record<string, unknown>): Row => ({
    id,
    owner_id,
    add_time: now - days * DAY,
    update_time: now - days * DAY,
    ...facts,
  })
  const deal = (id: number, days: number, facts: Record<string, unknown>) =>
    row(id, days, { status: 'open', pipeline_id: 1, stage_id: 1, person_id: null, org_id: null, ...facts })
  return {
    organizations: [
      row(1, 12, {
        name: 'Analytical Engines',
        address: { value: '5 Dorset Street, London' },
        website: 'https://engines.example',
      }),
      row(2, 11, { name: 'Harvard Computation Laboratory' }),
    ],
    persons: accounts
      .filter((other) => other !== account)
      .map((other) =>
        row(other.number, 9, {
          name: other.name,
          emails: [{ value: other.email, primary: true, label: 'work' }],
          phones: [{ value: `+1 555 010${other.number}`, primary: true, label: 'work' }],
          org_id: other.number === 2 ? 2 : null,
        }),
      ),
    deals: [
      deal(1, 8, {
        title: 'Analytical engine, 50 columns',
        value: 17_000,
        currency: 'GBP',
        org_id: 1,
        stage_id: 2,
        label_ids: [1],
        custom_fields: { [MATERIAL]: 12, [REMARK]: null },
      }),
      deal(2, 3, {
        title: 'Compiler licence',
        value: 4_200.5,
        currency: 'USD',
        person_id: account.number === 2 ? 3 : 2,
      }),
      deal(3, 1, {
        title: 'Vitamin C, one tonne',
        value: 900,
        currency: 'EUR',
        status: 'won',
        won_time: now - DAY,
      }),
    ],
    activities: [
      row(1, 4, {
        subject: 'Call about the columns',
        type: 'call',
        done: false,
        due_date: new Date(now + DAY).toISOString().slice(0, 10),
        due_time: '10:00:00',
        duration: '00:30:00',
        deal_id: 1,
        org_id: 1,
        note: '<p>Ask for <b>brass</b>.</p>',
      }),
      row(2, 2, {
        subject: 'Send the offer',
        type: 'email',
        done: true,
        due_date: new Date(now - 2 * DAY).toISOString().slice(0, 10),
        deal_id: 2,
      }),
    ],
    notes: [
      {
        id: 1,
        content: '<p>Wants it in <b>brass</b>,<br>by spring.</p>',
        deal_id: 1,
        person_id: null,
        org_id: null,
        user_id: owner_id,
        add_time: now - 5 * DAY,
        update_time: now - 5 * DAY,
      },
    ],
    next: 100,
  }
}
