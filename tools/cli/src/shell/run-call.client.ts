import { createRequire } from 'node:module';
import type { Client } from '@granary/client';
import { runningPlatform } from '../platform/place';
import type * as access from '../identity/access.client';
import type * as places from '../platform/place.client';
import type { Answer, Call, CommandSpec, Input } from './command';
import { exitCode } from './exit-code';
import type { CommonOptions } from './parse';
import { toJson } from './json';
import { describeProblem, problemJson, renderProblem, stackOf } from './problem';
import { createProgress, noProgress } from './progress.client';
import type { Shell } from './shell';
import { createStyle, wantsColours } from './style';

// Not every command needs a platform, and what reaches it takes long to load.
const load = createRequire(__filename);
const accessTokens: typeof access.accessTokens = (...of) => (load('../identity/access.client') as typeof access).accessTokens(...of);
const findPlace: typeof places.findPlace = (...of) => (load('../platform/place.client') as typeof places).findPlace(...of);

/** Runs one command: prints what it answers, shows what goes wrong, and returns the number to exit with. */
export async function runCall(spec: CommandSpec, input: Input, common: CommonOptions, shell: Shell): Promise<number> {
  const connection = lazyClient(shell, common);
  const call = createCall(input, common, shell, connection.open);
  try {
    const answer = await endingEarly(spec, call);
    if (answer) print(call, answer);
    return exitCode(answer?.outcome ?? 'ok');
  } catch (error) {
    call.progress.end();
    return showProblem(error, common, shell);
  } finally {
    await connection.close();
  }
}

/** Shows something thrown on standard error and returns the number to exit with. */
export function showProblem(error: unknown, common: Pick<CommonOptions, 'json' | 'verbose'>, shell: Shell): number {
  const problem = describeProblem(error);
  if (common.json) shell.stderr.write(problemJson(problem));
  else shell.stderr.write(renderProblem(problem, styleOf(shell, 'stderr'), common.verbose ? stackOf(error) : null));
  return exitCode(problem.outcome);
}

function createCall(input: Input, { json, data }: CommonOptions, shell: Shell, client: () => Promise<Client>): Call {
  // A program that reads JSON expects nothing on standard error but a problem; a person at the terminal likes to see progress.
  const chatty = !json || shell.stderr.isTTY === true;
  const progress = chatty ? createProgress(shell.stderr) : noProgress;
  const style = styleOf(shell, 'stdout');
  return {
    input, shell, json, style, progress, client,
    signal: shell.signal,
    note(text) {
      if (!chatty) return;
      progress.end();
      shell.stderr.write(`${text}\n`);
    },
    emit(answer) {
      progress.end();
      shell.stdout.write(json ? `${toJson(answer.data)}\n` : `${answer.text}\n`);
    },
    place: () => findPlace(shell, data),
  };
}

function print({ json, shell, progress }: Call, { data, text }: Answer): void {
  progress.end();
  shell.stdout.write(json ? `${toJson(data, 2)}\n` : `${text}\n`);
}

async function endingEarly(spec: CommandSpec, call: Call): Promise<Answer | null> {
  if (spec.handlesInterrupt) return spec.run(call);
  call.signal.throwIfAborted();
  const cut = Promise.withResolvers<never>();
  const onAbort = (): void => cut.reject(call.signal.reason);
  call.signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([spec.run(call), cut.promise]);
  } finally {
    call.signal.removeEventListener('abort', onAbort);
  }
}

function lazyClient(shell: Shell, { data }: CommonOptions): { open: () => Promise<Client>; close: () => Promise<void> } {
  let opened: Promise<Client> | null = null;
  return {
    open: () => (opened ??= connectTo(shell, data)),
    close: async () => (await opened?.catch(() => null))?.close(),
  };
}

async function connectTo(shell: Shell, data: string | undefined): Promise<Client> {
  const place = findPlace(shell, data);
  const { nats, operator } = runningPlatform(place);
  const { brokerTls, connectClient } = await import('@granary/client');
  const tenant = shell.env['GRANARY_TENANT'];
  // Asking for a token is a call that needs none, by the same connection.
  const client: Client = await connectClient({ url: nats.url, tls: brokerTls(shell.env), ...operator, ...(tenant && { tenant }), token: () => token() });
  const token = accessTokens({ shell, place: () => place, client: () => Promise.resolve(client) });
  return client;
}

function styleOf(shell: Shell, sink: 'stdout' | 'stderr') {
  return createStyle(wantsColours(shell[sink].isTTY === true, shell.env));
}
