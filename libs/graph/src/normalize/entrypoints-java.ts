import type { GraphEntrypoint } from '@granary/contracts';
import type { EntrypointInput } from './entrypoint-input';

/** The programs of Java: the classes with a `main`, by their full names, as `java` starts them. */
export function javaEntrypoints({ modules, files }: EntrypointInput): GraphEntrypoint[] {
  return modules.flatMap(({ path, entry, declares }) => {
    if (entry !== true || files.get(path)?.language !== 'java') return [];
    const type = path.slice(path.lastIndexOf('/') + 1, -'.java'.length);
    return { kind: 'bin' as const, name: [...(declares ?? []), type].join('.').slice(0, MAX_NAME), path };
  });
}

// What the contract of the graph allows.
const MAX_NAME = 512;
