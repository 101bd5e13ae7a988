import { createServer, type Server, type Socket } from 'node:net';

/** A port that takes connections and never says a word: no TLS, no answer. */
export class BlackHole {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  static async start(): Promise<BlackHole> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      const gone = () => sockets.delete(socket);
      socket.on('error', gone).on('end', gone).on('close', gone);
      // Read, or the end of the other side is never heard of.
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new BlackHole(server, sockets, address.port);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
