// Deposits July and reads it back with the client that @hey-api/openapi-ts generates.
// usage: hey.ts SANDBOX.json MONTH.json
import { readFileSync } from 'node:fs'
import { client } from './generated/hey/client.gen'
import { getAttendanceStatement, putAttendanceStatement } from './generated/hey/sdk.gen'
import type { AttendanceStatementRequest } from './generated/hey/types.gen'

const [description, document] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')))
const organiser = description.organisers[0]
const statement: AttendanceStatementRequest = document
client.setConfig({ baseUrl: description.apiUrl, auth: organiser.applications[0].keys[0].key as string })
const path = { crecheId: organiser.creches[0].id as string, month: '2026-07' }

const put = await putAttendanceStatement({ path, body: statement })
if (put.error) throw new Error(JSON.stringify(put.error))
const got = await getAttendanceStatement({ path })
if (!got.data) throw new Error(JSON.stringify(got.error))
if (got.data.lines.length !== statement.lines.length) throw new Error(`${got.data.lines.length} lines came back`)
console.log('hey-api:', put.response.status, 'revision', got.data.revision, 'lines', got.data.lines.length)
