/** A file of an export, as its manifest tells of it. */
export interface ExportedFile {
  /** Without folder. */
  readonly name: string;
  /** Lines, or hashes. */
  readonly records: number;
  readonly bytes: number;
  /** Of the bytes as they lie there, in hexadecimal. */
  readonly sha256: string;
}
