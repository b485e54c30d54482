import { broadcast } from './broadcast.mjs'
import { deflate } from './deflate.mjs'
import { echo } from './echo.mjs'
import { fairness } from './fairness.mjs'
import { growth } from './growth.mjs'
import { handshakes } from './handshakes.mjs'
import { http } from './http.mjs'
import { idle } from './idle.mjs'
import { scoped } from './scoped.mjs'
import { startup } from './startup.mjs'

/** Everything that is measured, in the order of the page. */
export const works = [http, scoped, echo, broadcast, deflate, handshakes, idle, growth, fairness, startup]
