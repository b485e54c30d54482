import { connect } from 'node:net'

/** Sends a request as it is and reads until the server closes the connection. */
export async function requestRaw(address: string, request: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.setEncoding('utf8').write(request)
  let text = ''
  for await (const chunk of socket) text += chunk
  return { status: Number(text.split(' ')[1]), body: text.slice(text.indexOf('\r\n\r\n') + 4) }
}
