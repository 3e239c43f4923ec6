import { Fault } from '@granary/faults';
import type { ConsumerFloor, StreamRecord } from '@granary/messaging';

/** The version of what a backup looks like. It grows when an older Granary could no longer read one. */
export const BACKUP_FORMAT = 1;

/** A file of a backup, as it lies there. */
export interface FileRecord {
  /** Relative to the backup's folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One table's rows. `sha256` is of PostgreSQL's binary copy of them, in the order in which they lie. */
export interface TableRecord {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Null without rows. */
  readonly file: FileRecord | null;
}

export interface SequenceRecord {
  readonly sequence: string;
  /** Decimal text: it may be larger than a double holds exactly. */
  readonly value: string;
  readonly called: boolean;
}

/** What a schema consists of, as statements: `before` its rows are there, and `after`. */
export interface SchemaShape {
  readonly schema: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface SchemaRecord extends SchemaShape {
  /** The names of the migrations that made it. */
  readonly migrations: readonly string[];
  readonly sequences: readonly SequenceRecord[];
  readonly tables: readonly TableRecord[];
}

export interface StreamPart {
  readonly record: StreamRecord;
  readonly file: FileRecord;
}

/** Everything that a backup says of itself. */
export interface Manifest {
  readonly format: typeof BACKUP_FORMAT;
  readonly name: string;
  /** The moment that the backup shows, RFC 3339. */
  readonly createdAt: string;
  /** The version of Granary that made it. */
  readonly granary: string;
  readonly postgres: { readonly version: string; readonly schemas: readonly SchemaRecord[] };
  readonly streams: readonly StreamPart[];
  readonly consumers: readonly ConsumerFloor[];
  /** Of all files together. */
  readonly bytes: number;
  readonly rows: number;
}

/** The name of the backup of a moment; names sort like the moments. */
export function backupName(at: Date): string {
  return at.toISOString().replaceAll(':', '-').replace(/\.(\d{3})Z$/, '-$1Z');
}

/** The moment that a name says, null when it is no name of a backup. */
export function momentOf(name: string): Date | null {
  const [, day, hours, minutes, seconds, ms] = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z$/.exec(name) ?? [];
  const moment = new Date(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
  return Number.isNaN(moment.getTime()) || backupName(moment) !== name ? null : moment;
}

export const schemaNames = ({ postgres }: Manifest): string[] => postgres.schemas.map(({ schema }) => schema);

export function filesOf({ postgres, streams }: Manifest): FileRecord[] {
  return [...postgres.schemas.flatMap(({ tables }) => tables.flatMap(({ file }) => file ?? [])), ...streams.map(({ file }) => file)];
}

/**
 * Reads a manifest.
 * @throws Fault permanent `backup-damaged` when it is none, `backup-too-new`
 */
export function parseManifest(text: string, path: string): Manifest {
  const manifest = parse(text);
  if (manifest === null || typeof manifest.format !== 'number') throw damaged(path, 'it is not a manifest of a backup');
  if (manifest.format !== BACKUP_FORMAT) {
    throw Fault.permanent('backup-too-new', `${path} was written in format ${String(manifest.format)}, this Granary reads ${BACKUP_FORMAT}; use the Granary that wrote it (${String(manifest.granary)}) or a newer one`);
  }
  const complete = typeof manifest.name === 'string' && Array.isArray(manifest.postgres?.schemas) && Array.isArray(manifest.streams) && Array.isArray(manifest.consumers);
  if (!complete) throw damaged(path, 'parts of it are missing');
  return manifest as Manifest;
}

/** The fault of a file that is not what it was. */
export function damaged(path: string, why: string): Fault {
  return Fault.permanent('backup-damaged', `${path} is damaged: ${why}. Nothing was restored from it; take another backup, or a copy of this one`);
}

function parse(text: string): Partial<Manifest> | null {
  try {
    return JSON.parse(text) as Partial<Manifest> | null;
  } catch {
    return null;
  }
}
