import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Justification } from '../grounds.ts'
import { readRecordings } from '../websockets/runner/recordings.mjs'
import type { Recording } from '../websockets/runner/run-scenario.mjs'
import { loadScenarios } from '../websockets/runner/scenarios.mjs'
import type { ComparedCase, ComparedPart } from './compared-part.ts'
import { lineDiff } from './line-diff.ts'
import { eventLine } from './result-lines.ts'

type Deviation = Justification & Partial<Recording>
type Events = readonly Readonly<Record<string, unknown>>[]

const folder = 'test/parity/websockets'

const topics = [
  ['handshake', 'The opening handshake: who is let in, and what the answer says.'],
  ['http-fallback', 'Requests that do not become a WebSocket.'],
  ['origin', 'Which pages may connect.'],
  ['subprotocol', 'Sub-protocols.'],
  ['receive', 'Receiving: buffers, fragments, pings, ends.'],
  ['send', 'Sending: framing, order, peers that do not read or are gone.'],
  ['close', 'The closing handshake.'],
  ['cancel', 'Cancelling what is under way.'],
  ['abort-dispose', 'Aborting and disposing.'],
  ['invalid-frames', 'Frames that break the protocol.'],
  ['utf8', 'Text that is valid UTF-8, and text that is not.'],
  ['compression', 'permessage-deflate.'],
  ['keep-alive', 'Pings, pongs and peers that fall silent.'],
  ['pipeline-unwind', 'How the request leaves the pipeline after the socket.'],
  ['shutdown', 'Open sockets when the host stops.'],
  ['http2', 'WebSockets over HTTP/2.'],
] as const

/** What was recorded of ASP.NET Core's WebSockets, beside the deviations. */
export function webSocketsPart(root: string): ComparedPart {
  const scenarios = loadScenarios(join(root, folder, 'scenarios'))
  const recorded = readRecordings(join(root, folder, 'recorded'))
  const deviations: Record<string, Deviation> = JSON.parse(readFileSync(join(root, folder, 'deviations.json'), 'utf8'))
  return {
    title: 'WebSockets',
    about: `Who is let in and what the 101 says; what each receive returns and each send writes; which state follows, which call fails and how; the negotiation of compression;
and the way of the request back through middleware, scope and callbacks when its socket has ended. Frame by frame, over TCP.`,
    topics: topics.map(([name, about]) => ({
      name,
      about,
      cases: scenarios
        .filter(scenario => scenario.topic === name)
        .map(scenario => ({
          name: scenario.name,
          about: scenario.about,
          file: `${folder}/recorded/${name}.json`,
          difference: differenceOf(recorded[scenario.name]!, deviations[scenario.name]),
        })),
    })),
  }
}

function differenceOf(recording: Recording, deviation: Deviation | undefined): ComparedCase['difference'] {
  if (deviation === undefined) return undefined
  const { because, reason } = deviation
  return { because, reason, lines: lineDiff(linesOf(recording), linesOf({ ...recording, ...deviation })) }
}

/** What the client saw, then what happened on the server. */
function linesOf({ client, server }: Recording): string[] {
  const connections: [string, Events][] = Array.isArray(client) ? [['client', client]] : Object.entries(client as Record<string, Events>)
  const requests = (server as readonly Events[]).map((events): [string, Events] => ['server', events])
  return [...connections, ...requests].flatMap(([side, events]) => events.map(event => `${side}: ${eventLine(event)}`))
}
