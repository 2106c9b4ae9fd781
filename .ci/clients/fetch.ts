// Deposits July and reads it back with openapi-typescript and openapi-fetch.
// usage: fetch.ts SANDBOX.json MONTH.json
import { readFileSync } from 'node:fs'
import createClient from 'openapi-fetch'
import type { components, paths } from './generated/schema'

type Statement = components['schemas']['AttendanceStatementRequest']

const [description, document] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const organiser = description.organisers[0]
const statement: Statement = document
const client = createClient<paths>({
  baseUrl: description.apiUrl,
  headers: { authorization: `Bearer ${organiser.applications[0].keys[0].key}` },
})
const path = { crecheId: organiser.creches[0].id as string, month: '2026-07' }

const put = await client.PUT('/creches/{crecheId}/attendanceStatements/{month}', { params: { path }, body: statement })
if (put.error) throw new Error(JSON.stringify(put.error))
const got = await client.GET('/creches/{crecheId}/attendanceStatements/{month}', { params: { path } })
if (got.error) throw new Error(JSON.stringify(got.error))
// A statement can also be read as a workbook, which comes as bytes.
if (typeof got.data === 'string') throw new Error('not JSON')
if (got.data.lines.length !== statement.lines.length) throw new Error(`${got.data.lines.length} lines came back`)
console.log('openapi-fetch:', put.response.status, 'revision', got.data.revision, 'lines', got.data.lines.length)
