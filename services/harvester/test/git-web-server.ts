import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface GitWebServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): void;
}

/** Serves the repositories of a folder over HTTP as git's own backend does, or as plain files; to one user only when told. */
export async function gitWebServer({ folder, plain = false, user }: { folder: string; plain?: boolean; user?: { name: string; password: string } }): Promise<GitWebServer> {
  const allowed = (): string | undefined => user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    if (user && request.headers.authorization !== allowed()) return response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
    const url = new URL(request.url ?? '/', 'http://localhost');
    return plain ? void serveFile(join(folder, url.pathname), response) : serveGit(folder, url, request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function serveFile(path: string, response: ServerResponse): Promise<void> {
  const content = await readFile(path).catch(() => null);
  response.writeHead(content ? 200 : 404).end(content ?? '');
}

function serveGit(folder: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
  const env = {
    PATH: process.env['PATH'] ?? '',
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  };
  const child = spawn('git', ['http-backend'], { env });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    const fields = answer.toString('latin1', 0, end).split('\r\n').map((line) => line.split(': ') as [string, string]);
    const status = Number(fields.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== 'Status'))).end(answer.subarray(end + 4));
  });
}
