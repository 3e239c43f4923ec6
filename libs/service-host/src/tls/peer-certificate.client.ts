import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';

export interface Peer {
  readonly host: string;
  readonly port: number;
  /** How a connection of this protocol turns to TLS. */
  readonly protocol: 'nats' | 'postgres';
}

const DEADLINE_MS = 5_000;

/**
 * When the certificate of a server ends, whoever issued it: asked on a connection of its own, which says nothing else.
 * Null for a server that speaks no TLS. @throws Error when none answers
 */
export async function readPeerExpiry({ host, port, protocol }: Peer): Promise<Date | null> {
  const socket = connect({ host, port });
  const timer = setTimeout(() => socket.destroy(new Error(`${host}:${port} did not answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  try {
    await once(socket, 'connect');
    if (!(await (protocol === 'nats' ? natsOffersTls(socket) : postgresOffersTls(socket)))) return null;
    // Nothing is sent over it: what counts is when it ends, not whether it is believed.
    const connection = secure({ socket, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) });
    connection.on('error', () => undefined);
    await once(connection, 'secureConnect');
    const { valid_to: end } = connection.getPeerCertificate();
    connection.destroy();
    return new Date(end);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** The broker speaks first: `INFO {…}`. */
async function natsOffersTls(socket: Socket): Promise<boolean> {
  let said = '';
  while (!said.includes('\r\n')) said += String((await once(socket, 'data'))[0]);
  const info = JSON.parse(said.slice('INFO '.length, said.indexOf('\r\n'))) as { tls_required?: boolean; tls_available?: boolean };
  return info.tls_required === true || info.tls_available === true;
}

/** SSLRequest, which is answered with one letter (PostgreSQL, "Message Formats"). */
async function postgresOffersTls(socket: Socket): Promise<boolean> {
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  return String((await once(socket, 'data'))[0]).startsWith('S');
}
