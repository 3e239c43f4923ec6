import { isUtf8 } from 'node:buffer';

/** One path of a commit's tree. */
export interface TreeEntry {
  readonly path: string;
  /** False when the path is not valid UTF-8; `path` then shows its bytes as `\xNN`. */
  readonly utf8: boolean;
  readonly type: 'file' | 'symlink' | 'submodule';
  /** Object id; of a submodule it is a commit of another repository. */
  readonly blob: string;
  /** Size in bytes; 0 for submodules. */
  readonly bytes: number;
}

/** Reads a record of `git ls-tree -r -z -l --full-tree`: `<mode> <type> <object> <size>\t<path>`. */
export function parseTreeRecord(record: Buffer): TreeEntry {
  const tab = record.indexOf(9);
  const parts = record.toString('latin1', 0, tab).split(' ');
  const [mode = '', , blob = ''] = parts;
  // Sizes are padded with spaces.
  const size = parts.at(-1) ?? '-';
  const raw = record.subarray(tab + 1);
  const utf8 = isUtf8(raw);
  return { path: pathOf(raw, utf8), utf8, type: typeOf(mode), blob, bytes: size === '-' ? 0 : Number(size) };
}

function typeOf(mode: string): TreeEntry['type'] {
  if (mode === '120000') return 'symlink';
  return mode === '160000' ? 'submodule' : 'file';
}

/** A path that is not UTF-8 cannot be shown as it is; escaping keeps two such paths apart. */
function pathOf(raw: Buffer, utf8: boolean): string {
  if (utf8) return raw.toString('utf8');
  return raw.toString('latin1').replace(/[\\\u0080-\u00ff]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

export interface Change {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed';
  /** Object id before, null when added. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Reads two records of `git diff-tree -r -z --raw`: `:<mode> <mode> <object> <object> <status>` and the path. */
export function parseChange(head: Buffer, path: Buffer): Change {
  const [, , before = '', after = ''] = head.toString('latin1').split(' ');
  const [was, is] = [present(before), present(after)];
  return { path: pathOf(path, isUtf8(path)), status: statusOf(was, is), before: was, after: is };
}

const present = (object: string): string | null => (/^0+$/.test(object) ? null : object);

function statusOf(before: string | null, after: string | null): Change['status'] {
  if (before === null) return 'added';
  return after === null ? 'removed' : 'modified';
}
