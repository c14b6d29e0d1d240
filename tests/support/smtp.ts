import { once } from 'node:events';
import net from 'node:net';

export interface TestMailServer {
  url: string;
  /** What it took, headers and all. */
  mails: string[];
  /** Lets senders wait for its word that a mail is taken. */
  hold(): void;
  release(): void;
  /** How many wait. */
  held(): number;
  close(): void;
}

/**
 * A mail server that takes what it is given, as much of the protocol as one mail needs.
 * @param pauseMs how long it takes over each
 */
export async function smtpServer(pauseMs = 0): Promise<TestMailServer> {
  const mails: string[] = [];
  let holding = false;
  const waiting: (() => void)[] = [];
  const server = net.createServer((socket) => {
    let text = '';
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          inData = false;
          const take = () => {
            if (socket.destroyed) return;
            mails.push(part);
            say('250 taken');
          };
          if (holding) waiting.push(take);
          else setTimeout(take, pauseMs);
        } else if (/^DATA/i.test(part)) {
          inData = true;
          say('354 go on');
        } else if (/^QUIT/i.test(part)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is one with a port.
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    hold: () => {
      holding = true;
    },
    release: () => {
      holding = false;
      for (const take of waiting.splice(0)) take();
    },
    held: () => waiting.length,
    close: () => server.close(),
  };
}
