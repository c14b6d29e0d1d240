import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';

export interface Balancer {
  url: string;
  /** How many answers came from each server, by its address. */
  answered: Map<string, number>;
  close(): void;
}

/**
 * Hands each request to the next server, whoever asks; to the one after it when that takes no connection, as balancers do.
 * @param servers addresses, without a trailing slash
 */
export async function startBalancer(servers: string[]): Promise<Balancer> {
  const answered = new Map<string, number>();
  let next = 0;
  const balancer = http.createServer((request, response) => {
    const pass = (tries: number) => {
      const server = servers[next++ % servers.length] ?? '';
      const { method, headers, url } = request;
      const onward = http.request(server + url, { method, headers, agent: false }, (answer) => {
        answered.set(server, (answered.get(server) ?? 0) + 1);
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => response.destroy());
        answer.pipe(response);
      });
      onward.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED' && tries < servers.length) return pass(tries + 1);
        if (response.headersSent) response.destroy();
        else response.writeHead(502).end(error.message);
      });
      onward.once('socket', (socket) => socket.once('connect', () => request.pipe(onward)));
      response.on('close', () => onward.destroy());
    };
    pass(1);
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  // A TCP server's address is one with a port.
  const { port } = balancer.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answered,
    close() {
      balancer.close();
      balancer.closeAllConnections();
    },
  };
}
