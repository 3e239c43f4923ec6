export interface Look {
  readonly what: string;
  readonly args: string[];
  readonly cwd?: string;
}
export function looksFor(files: readonly string[], copy: string): Look[];
