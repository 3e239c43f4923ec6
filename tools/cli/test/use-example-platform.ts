import type { RpcOperation } from '@granary/contracts';
import { temporaryFolder, type TemporaryFolder } from '@granary/testing';
import { type ExamplePlatform, startExamplePlatform } from './example-platform';
import { granary, type Outcome, type World } from './run-granary';

export interface Used {
  readonly platform: ExamplePlatform;
  /** The folder in which commands run. */
  readonly home: string;
  /** Runs a command against the platform. */
  run(line: string | string[], world?: Partial<World>): Promise<Outcome>;
  /** What was asked of an operation in this test. */
  requests(operation: RpcOperation): unknown[];
}

/** One example platform for the tests of a file, as the examples are at the beginning of each. */
export function useExamplePlatform(): Used {
  let platform: ExamplePlatform | undefined;
  let home: TemporaryFolder | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the platform is there only while tests run');
    return part;
  };

  beforeAll(async () => {
    platform = await startExamplePlatform();
    home = temporaryFolder();
  });
  beforeEach(() => platform?.reset());
  afterAll(async () => {
    home?.remove();
    await platform?.stop();
  });

  return {
    get platform() {
      return started(platform);
    },
    get home() {
      return started(home).path;
    },
    run: (line, world = {}) => granary([...(typeof line === 'string' ? line.split(' ') : line), '--data', started(platform).folder], { cwd: started(home).path, ...world }),
    requests: (operation) => started(platform).asked.filter((one) => one.operation === operation).map(({ request }) => request),
  };
}

/** The one JSON document that a command printed. */
export function json({ stdout }: Outcome): unknown {
  return JSON.parse(stdout);
}
