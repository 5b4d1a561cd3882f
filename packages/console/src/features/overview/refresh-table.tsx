import { Table } from '@mantine/core'
import { inFigures, inSeconds } from './figures.ts'
import { countOf, type Row } from './sum-refreshes.ts'
import { startInWords } from './when-bucket.ts'

/** The charts' figures, newest first; times in which nothing was refreshed are left out. */
export function Figures({ rows, bucket }: { rows: Row[]; bucket: 'hour' | 'day' }) {
  const full = rows.filter((row) => countOf(row) > 0).reverse()
  return (
    <Table.ScrollContainer
      minWidth={520}
      maxHeight={420}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    >
      <Table stickyHeader withRowBorders style={{ overflowWrap: 'normal' }}>
        <caption className="unseen">Refreshes by {bucket}</caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{bucket === 'hour' ? 'Hour' : 'Day (UTC)'}</Table.Th>
            <Table.Th scope="col">New tokens</Table.Th>
            <Table.Th scope="col">Refused</Table.Th>
            <Table.Th scope="col">Tried again</Table.Th>
            <Table.Th scope="col">Not heard of</Table.Th>
            <Table.Th scope="col">Late by (p95)</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {full.map((row) => (
            <Table.Tr key={row.at}>
              <Table.Th scope="row" fw={400}>
                {startInWords(row.at, bucket)}
              </Table.Th>
              <Table.Td>{inFigures(row.stored)}</Table.Td>
              <Table.Td>{inFigures(row.refused)}</Table.Td>
              <Table.Td>{inFigures(row.transient)}</Table.Td>
              <Table.Td>{inFigures(row.uncertain)}</Table.Td>
              <Table.Td>{row.p95 === null ? 'not measured' : inSeconds(row.p95)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
