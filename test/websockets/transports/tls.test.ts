// First what the sockets run over, then the tests of sockets, which are the same over each transport. Those of fairness measure TCP.
import '../support/use-tls.ts'

import '../socket/abort-dispose.test.ts'
import '../socket/cancellation.test.ts'
import '../socket/close.test.ts'
import '../socket/compression.test.ts'
import '../socket/keep-alive.test.ts'
import '../socket/messages.test.ts'
import '../socket/read-ahead.test.ts'
import '../socket/receive.test.ts'
import '../socket/send.test.ts'
import '../socket/violations.test.ts'
import '../socket/stopping.test.ts'
