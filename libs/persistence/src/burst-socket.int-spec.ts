import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { burstSocket } from './burst-socket.client';

describe('a socket that writes in bursts', () => {
  let server: Server;
  let socket: Socket;
  let arrived: string[];
  beforeEach(async () => {
    arrived = [];
    server = createServer((far) => far.on('data', (data) => arrived.push(data.toString())));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = burstSocket();
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
  });
  afterEach(async () => {
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('sends what one turn writes in one piece, and in its order', async () => {
    socket.write(Buffer.from('begin '));
    await Promise.resolve();
    socket.write(Buffer.from('insert '));
    socket.write(Buffer.from('commit'));
    expect(socket.bytesWritten).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.bytesWritten).toBe('begin insert commit'.length);
    socket.write(Buffer.from('; bye'), () => socket.end());
    await once(socket, 'close');
    expect(arrived.join('')).toBe('begin insert commit; bye');
  });

  it('keeps the order between what is collected and what is not', async () => {
    socket.write(Buffer.from('1'));
    socket.write('2', 'utf8');
    socket.write(Buffer.alloc(70_000, '3'));
    socket.write(Buffer.from('4'), () => socket.end());
    await once(socket, 'close');
    expect(arrived.join('')).toBe(`12${'3'.repeat(70_000)}4`);
  });

  it('writes nothing more after it was destroyed', async () => {
    socket.write(Buffer.from('1'));
    socket.destroy();
    await once(socket, 'close');
    await new Promise((resolve) => setImmediate(resolve));
    expect(arrived).toEqual([]);
  });
});
