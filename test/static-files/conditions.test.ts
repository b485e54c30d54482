import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { PhysicalFileProvider } from '@windhover/static-files'
import { describe, expect, it } from 'vitest'
import { type Answer, request } from './request.ts'
import { temporaryFolder } from './temporary-folder.ts'

// A date without its zone would be taken for local time: far enough from UTC to be seen.
process.env.TZ = 'America/Los_Angeles'

const folder = temporaryFolder({ 'digits.txt': '0123456789', 'empty.txt': '', 'future.txt': 'future' })
const modified = Date.UTC(2020, 0, 2, 3, 4, 5)
utimesSync(join(folder, 'digits.txt'), modified / 1000, (modified + 678) / 1000)
utimesSync(join(folder, 'future.txt'), 4_000_000_000, 4_000_000_000)
const fileProvider = new PhysicalFileProvider(folder)
const etag = `"a-${(modified + 678).toString(16)}"`
const date = (offset = 0) => new Date(modified + offset * 1000).toUTCString()

function get(headers: Record<string, string>, { path = '/digits.txt', method = 'GET' } = {}): Promise<Answer> {
  return request(app => app.useStaticFiles({ fileProvider }), path, { method, headers })
}

it('an entity tag is strong, and made of length and time', async () => {
  expect((await get({})).headers).toMatchObject({ etag, 'last-modified': date() })
})

// RFC 9110 section 13.2.2, step by step.
describe.each<[string, Record<string, string>, number]>([
  ['If-Match with the tag', { 'If-Match': etag }, 200],
  ['If-Match with any tag', { 'If-Match': '*' }, 200],
  ['If-Match with another tag', { 'If-Match': '"other"' }, 412],
  ['If-Match with the tag in a list', { 'If-Match': `"a", ${etag}` }, 200],
  ['If-Match with the weak tag, because it compares strongly', { 'If-Match': `W/${etag}` }, 412],
  ['If-Match with the weak tag and another one', { 'If-Match': `W/${etag}, "other"` }, 412],
  ['If-Match with the weak and the strong tag', { 'If-Match': `W/${etag}, ${etag}` }, 200],
  ['If-Unmodified-Since the time', { 'If-Unmodified-Since': date() }, 200],
  ['If-Unmodified-Since an earlier time', { 'If-Unmodified-Since': date(-1) }, 412],
  ['If-Unmodified-Since something that is no time', { 'If-Unmodified-Since': '1' }, 200],
  ['If-Unmodified-Since beside If-Match, which goes first', { 'If-Match': etag, 'If-Unmodified-Since': date(-1) }, 200],
  ['If-None-Match with the tag', { 'If-None-Match': etag }, 304],
  ['If-None-Match with any tag', { 'If-None-Match': '*' }, 304],
  ['If-None-Match with another tag', { 'If-None-Match': '"other"' }, 200],
  ['If-None-Match with the weak tag, because it compares weakly', { 'If-None-Match': `W/${etag}` }, 304],
  ['If-None-Match with the tag in a list', { 'If-None-Match': `"a", ${etag}` }, 304],
  ['If-None-Match that is empty', { 'If-None-Match': '' }, 200],
  ['If-Modified-Since the time', { 'If-Modified-Since': date() }, 304],
  ['If-Modified-Since a later time', { 'If-Modified-Since': date(60) }, 304],
  ['If-Modified-Since an earlier time', { 'If-Modified-Since': date(-1) }, 200],
  ['If-Modified-Since the future', { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' }, 200],
  ['If-Modified-Since in the form of RFC 850', { 'If-Modified-Since': 'Thursday, 02-Jan-20 03:04:05 GMT' }, 304],
  ['If-Modified-Since earlier in the form of RFC 850', { 'If-Modified-Since': 'Thursday, 02-Jan-20 03:04:04 GMT' }, 200],
  ['If-Modified-Since in the form of asctime, which is UTC', { 'If-Modified-Since': 'Thu Jan  2 03:04:05 2020' }, 304],
  ['If-Modified-Since earlier in the form of asctime, which is UTC', { 'If-Modified-Since': 'Thu Jan  2 03:04:04 2020' }, 200],
  ['If-Modified-Since a year, which is no HTTP-date', { 'If-Modified-Since': '2021' }, 200],
  ['If-Modified-Since beside If-None-Match, which wins: modified', { 'If-None-Match': '"other"', 'If-Modified-Since': date() }, 200],
  ['If-Modified-Since beside If-None-Match, which wins: not modified', { 'If-None-Match': etag, 'If-Modified-Since': date(-1) }, 304],
  ['If-None-Match behind If-Match', { 'If-Match': etag, 'If-None-Match': etag }, 304],
  ['If-None-Match behind an If-Match that fails', { 'If-Match': '"other"', 'If-None-Match': etag }, 412],
  ['If-Modified-Since behind an If-Unmodified-Since that fails', { 'If-Modified-Since': date(), 'If-Unmodified-Since': date(-1) }, 412],
  ['Cache-Control: no-cache beside If-None-Match', { 'Cache-Control': 'no-cache', 'If-None-Match': etag }, 304],
])('%s', (_, headers, status) => {
  it.each(['GET', 'HEAD'])(`answers %s with ${status}`, async method => {
    const answer = await get(headers, { method })
    expect(answer.status).toBe(status)
    expect(answer.body).toBe(status === 200 && method === 'GET' ? '0123456789' : '')
  })
})

describe('the headers of an answer without a file', () => {
  it('are type and validators for 304', async () => {
    expect((await get({ 'If-None-Match': etag })).headers).toEqual({
      'content-type': 'text/plain',
      'accept-ranges': 'bytes',
      'last-modified': date(),
      etag,
    })
  })

  it('are none for 412', async () => {
    expect((await get({ 'If-Match': '"other"' })).headers).toEqual({})
  })

  it('are the length of the file for 416', async () => {
    expect((await get({ Range: 'bytes=10-' })).headers).toEqual({ 'content-range': 'bytes */10' })
  })
})

describe('a range', () => {
  it.each([
    ['one byte', 'bytes=0-0', '0', '0-0'],
    ['the middle', 'bytes=2-5', '2345', '2-5'],
    ['from a position', 'bytes=7-', '789', '7-9'],
    ['a suffix', 'bytes=-3', '789', '7-9'],
    ['a suffix that is longer than the file', 'bytes=-99', '0123456789', '0-9'],
    ['everything', 'bytes=0-9', '0123456789', '0-9'],
    ['an end beyond the end', 'bytes=5-99', '56789', '5-9'],
    ['an end beyond any file', 'bytes=5-9223372036854775807', '56789', '5-9'],
    ['the unit in capitals', 'BYTES=0-1', '01', '0-1'],
    ['blanks', 'bytes = 0 - 1', '01', '0-1'],
  ])('of %s', async (_, range, body, given) => {
    const answer = await get({ Range: range })
    expect(answer).toMatchObject({
      status: 206,
      body,
      headers: { 'content-range': `bytes ${given}/10`, 'content-length': String(body.length), etag },
    })
  })

  it.each([
    ['begins at the end', 'bytes=10-', '/digits.txt', 10],
    ['begins beyond any file', 'bytes=9223372036854775807-', '/digits.txt', 10],
    ['is a suffix of nothing', 'bytes=-0', '/digits.txt', 10],
    ['is of an empty file', 'bytes=0-', '/empty.txt', 0],
    ['is a suffix of an empty file', 'bytes=-5', '/empty.txt', 0],
  ])('that %s cannot be satisfied', async (_, range, path, length) => {
    expect(await get({ Range: range }, { path })).toMatchObject({
      status: 416,
      body: '',
      headers: { 'content-range': `bytes */${length}` },
    })
  })

  it.each([
    ['reversed', 'bytes=5-2'],
    ['one of several', 'bytes=0-1,4-5'],
    ['one of several, of which one can be satisfied', 'bytes=0-1,99-'],
    ['one with a comma behind it', 'bytes=0-1,'],
    ['of another unit', 'items=0-1'],
    ['without a unit', '0-1'],
    ['without a position', 'bytes=-'],
    ['empty', 'bytes='],
    ['made of letters', 'bytes=a-b'],
    ['negative', 'bytes=--1'],
    ['hexadecimal', 'bytes=0x1-0x2'],
    ['with more digits than a file can have bytes', 'bytes=0-99999999999999999999'],
    ['with more digits than a file can have bytes, from there on', 'bytes=99999999999999999999-'],
  ])('that is %s is ignored', async (_, range) => {
    expect(await get({ Range: range })).toMatchObject({ status: 200, body: '0123456789' })
  })

  it('is ignored by HEAD', async () => {
    expect(await get({ Range: 'bytes=0-1' }, { method: 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-length': '10' } })
    expect(await get({ Range: 'bytes=99-' }, { method: 'HEAD' })).toMatchObject({ status: 200 })
  })

  it.each([
    ['the tag', etag, 206],
    ['another tag', '"other"', 200],
    ['the weak tag, because it compares strongly', `W/${etag}`, 200],
    ['the time', date(), 206],
    ['an earlier time', date(-1), 200],
    ['something that is neither', 'x', 200],
  ])('with If-Range: %s', async (_, ifRange, status) => {
    expect((await get({ Range: 'bytes=0-1', 'If-Range': ifRange })).status).toBe(status)
  })

  it('comes after the conditions', async () => {
    expect((await get({ Range: 'bytes=0-1', 'If-None-Match': etag })).status).toBe(304)
    expect((await get({ Range: 'bytes=0-1', 'If-Match': '"other"' })).status).toBe(412)
    expect((await get({ Range: 'bytes=99-', 'If-Range': '"other"' })).status).toBe(200)
  })
})

it('a file of the future has been modified since every time', async () => {
  const { headers } = await get({}, { path: '/future.txt' })
  expect((await get({ 'If-Modified-Since': headers['last-modified']! }, { path: '/future.txt' })).status).toBe(200)
})
