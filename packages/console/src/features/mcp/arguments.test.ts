import { expect, test } from 'vitest'
import { readArguments, toArguments } from './arguments.ts'

const known = readArguments({
  type: 'object',
  properties: {
    query: { type: 'string', maxLength: 1000, description: 'What to look for.' },
    text: { type: 'string' },
    limit: { type: 'integer', default: 10 },
    method: { type: 'string', enum: ['GET', 'POST'], default: 'GET' },
    level: { enum: [1, 'one'] },
    unread: { type: 'boolean' },
    labels: { type: 'array', items: { type: 'string' } },
    body: { type: ['object', 'array', 'string'] },
    anything: {},
  },
  required: ['query'],
})

test('each property of a schema is asked for as it is best written', () => {
  expect(Object.fromEntries(known.map(({ name, kind }) => [name, kind]))).toEqual({
    query: 'line',
    text: 'text',
    limit: 'number',
    method: 'choice',
    level: 'choice',
    unread: 'boolean',
    labels: 'json',
    body: 'json',
    anything: 'json',
  })
  expect(known.filter(({ required }) => required).map(({ name }) => name)).toEqual(['query'])
  expect(known.map(({ fallback }) => fallback).filter(Boolean)).toEqual(['10', 'GET'])
  expect(readArguments({ type: 'object' })).toEqual([])
})

test('what is typed is sent as the type that it is for, and what is not given is left out', () => {
  const typed = {
    query: '17',
    text: ' ',
    limit: '5',
    method: '"POST"',
    level: '1',
    unread: 'false',
    labels: '["INBOX"]',
    body: '"text"',
  }
  expect(toArguments(known, typed)).toEqual({
    arguments: {
      query: '17',
      limit: 5,
      method: 'POST',
      level: 1,
      unread: false,
      labels: ['INBOX'],
      body: 'text',
    },
  })
})

test('faults are told by the argument', () => {
  expect(toArguments(known, { limit: 'many', labels: '[INBOX' })).toEqual({
    faults: { query: 'This is needed.', limit: 'This is no number.', labels: 'This is no JSON.' },
  })
})
