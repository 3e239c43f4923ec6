const BLOCK = 512;
const MODE = 0o600;
const LONGEST_NAME = 100;

/** A file of an archive. */
export interface TarFile {
  /** With `/` between folders, at most 100 bytes. */
  path: string;
  content: Buffer;
}

/** An archive in the format ustar (POSIX.1-1988): regular files that only their owner can read, and nothing else. */
export function tarArchive(files: readonly TarFile[], modified: Date): Buffer {
  const entries = files.flatMap(({ path, content }) => [header(path, content.length, modified), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
  // Two empty blocks are the end.
  return Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]);
}

function header(path: string, size: number, modified: Date): Buffer {
  if (Buffer.byteLength(path) > LONGEST_NAME) throw new RangeError(`the name '${path}' is too long for an archive`);
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write(octal(MODE, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(modified.getTime() / 1000), 12), 136);
  // The checksum counts itself as spaces.
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\0' + '00', 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
