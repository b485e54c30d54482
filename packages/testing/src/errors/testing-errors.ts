import {
  AggregateException,
  ArgumentException,
  ArgumentOutOfRangeException,
  InvalidOperationException,
  IOException,
  ObjectDisposedException,
} from '@windhover/core'
import { HandshakeRejectedException } from './handshake-rejected-exception.ts'
import { TestTimeoutException } from './test-timeout-exception.ts'

/**
 * Every error that the testing package raises, by what went wrong: code, class and message in one place.
 * docs/reference/errors.md lists the same codes; a test compares the two.
 */
export const testingErrors = {
  timeoutOutOfRange: (timeout: unknown): ArgumentOutOfRangeException =>
    new ArgumentOutOfRangeException(
      'WINDHOVER_ERR_TEST_TIMEOUT_RANGE',
      'timeout',
      `The timeout of a TestServer is a number of milliseconds from 1 to 2147483647, or Infinity, but was ${timeout}.`,
    ),

  baseAddressScheme: (baseAddress: string): ArgumentException =>
    new ArgumentException(
      'WINDHOVER_ERR_TEST_BASE_ADDRESS',
      'baseAddress',
      `The base address of a TestServer begins with http:// or https://, but was "${baseAddress}".`,
    ),

  addressInUse: (address: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_TEST_ADDRESS_IN_USE',
      `There is an open connection from ${address} already. Choose another remotePort, or leave it out.`,
    ),

  serverStopped: (operation: string): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_TEST_SERVER_STOPPED',
      `${operation} needs a TestServer that runs, but this one was stopped. Await everything that uses it before stopAsync(), or before the block of "await using" ends.`,
    ),

  stoppedWhileWaiting: (exchange: string): ObjectDisposedException =>
    new ObjectDisposedException(
      'WINDHOVER_ERR_TEST_SERVER_STOPPED',
      `The TestServer was stopped while ${exchange} had no response. Await the promise of each fetch() before the test ends.`,
    ),

  timeout: (waitedFor: string, timeout: number, circumstances: string): TestTimeoutException =>
    new TestTimeoutException(
      'WINDHOVER_ERR_TEST_TIMEOUT',
      `Waited ${timeout} ms for ${waitedFor}: ${circumstances}. Raise "timeout" in the options of TestServer when so long a wait is meant.`,
    ),

  connectionEnded: (exchange: string, cause: unknown): IOException =>
    new IOException(
      'WINDHOVER_ERR_TEST_CONNECTION_ENDED',
      `${exchange} got no response: the connection was ended. The application aborted the request, or the server refused it as no HTTP.`,
      { cause },
    ),

  unexpectedUpgrade: (exchange: string): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_TEST_UNEXPECTED_UPGRADE',
      `${exchange} was answered with 101: the application accepted a WebSocket. Use connectWebSocketAsync() for it.`,
    ),

  statusWithoutResponse: (exchange: string, status: number): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_TEST_STATUS',
      `${exchange} was answered with status ${status}, which the web's Response cannot hold (200 to 599). Read it from connect(), which gives the bytes.`,
    ),

  handshakeRejected: (exchange: string, status: number, statusText: string, headers: Headers, body: string): HandshakeRejectedException =>
    new HandshakeRejectedException(
      'WINDHOVER_ERR_TEST_HANDSHAKE_REJECTED',
      `The WebSocket handshake ${exchange} was answered with ${status} ${statusText}`.trimEnd() +
        `, not with 101${body === '' ? '' : `: ${abridged(body)}`}. ${handshakeAdvice(status)}`,
      status,
      headers,
      body,
    ),

  handshakeBroken: (exchange: string, cause: Error): IOException =>
    new IOException('WINDHOVER_ERR_TEST_HANDSHAKE_BROKEN', `The WebSocket handshake ${exchange} failed: ${cause.message}.`, { cause }),

  unfinishedRequests: (exchanges: readonly string[]): InvalidOperationException =>
    new InvalidOperationException(
      'WINDHOVER_ERR_TEST_UNFINISHED_REQUESTS',
      `The TestServer was stopped, but the application still runs ${exchanges.join(', ')}. Each waits for something that ` +
        'never happens: a promise without its resolve, or work that does not look at context.requestAborted.',
    ),

  unobservedErrors: (errors: readonly unknown[]): AggregateException =>
    new AggregateException(
      'WINDHOVER_ERR_TEST_UNOBSERVED_ERRORS',
      `The application threw ${errors.length} errors after their responses had been read, so that no fetch() could tell them: ${errors.join('; ')}`,
      errors,
    ),
}

function abridged(body: string): string {
  return JSON.stringify(body.length > 200 ? `${body.slice(0, 200)}…` : body)
}

function handshakeAdvice(status: number): string {
  if (status === 404) return 'No middleware accepted it: is the path right, and does the application call acceptWebSocketAsync()?'
  if (status === 403)
    return 'The origin check of useWebSockets answers so: compare "origin" with the host of baseAddress and with allowedOrigins.'
  return 'A middleware answered in place of acceptWebSocketAsync().'
}
