import type { Client } from '@granary/client';
import type { PlatformPlace } from '../platform/place';
import type { Outcome } from './exit-code';
import type { Progress } from './progress.client';
import type { Shell } from './shell';
import type { Style } from './style';

/** What a command has to say: `data` for --json, `text` for people. */
export interface Answer {
  data: unknown;
  text: string;
  /** What it means for the exit code; `ok` when not said. */
  outcome?: Outcome;
}

export interface OptionSpec {
  /** As commander writes it: `--wait`, `--format <format>`. */
  flags: string;
  describe: string;
}

/** Everything that `--help`, the README and the program need to know of a command. */
export interface CommandSpec {
  /** `status`, `repos add`. */
  name: string;
  /** As commander writes it: `<repo>`, `[repo]`. */
  args?: string;
  summary: string;
  /** What else `--help` says. */
  details?: string;
  options?: readonly OptionSpec[];
  /** Lines that can be typed as they are, without the word `granary` before them. */
  examples: readonly string[];
  /** True when the command ends in order by itself after Ctrl-C; others are cut off. */
  handlesInterrupt?: boolean;
  /** Does the work. Null when everything has been emitted already. */
  run(call: Call): Promise<Answer | null>;
}

/** One call of a command. */
export interface Call {
  input: Input;
  shell: Shell;
  /** Whether results are JSON. */
  json: boolean;
  /** The style of standard output. */
  style: Style;
  /** Aborted when the call is to end early. */
  signal: AbortSignal;
  /** For long work; shows nothing where a program reads along. */
  progress: Progress;
  /** A line for people on standard error; shows nothing where a program reads along. */
  note(text: string): void;
  /** One result of many, printed at once: a line of JSON, or the text. */
  emit(answer: Answer): void;
  /** The data folder, and how to reach the platform when one runs there. */
  place(): PlatformPlace;
  /** The connection to the running platform, opened at its first use. Faults: permanent `not-running`; those of the broker. */
  client(): Promise<Client>;
}

/** The words of a call. Asking for one that the command does not declare is a bug and throws. */
export interface Input {
  arg(name: string): string;
  optionalArg(name: string): string | undefined;
  text(option: string): string | undefined;
  flag(option: string): boolean;
}
