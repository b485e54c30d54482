export class Server {
  static start(command: string, sites: string): Promise<Server>
  stop(): Promise<void>
}
