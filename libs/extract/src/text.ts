import { extname } from 'node:path/posix';
import type { Extractor } from './facts';
import { MAX_SEARCHED } from './analyse-blob';

/** Endings whose content is never text: they are not even fetched. */
const BINARY = new Set(
  ('.png .jpg .jpeg .gif .webp .avif .bmp .ico .icns .tif .tiff .psd .heic .woff .woff2 .ttf .otf .eot .mp3 .mp4 .m4a .m4v .mov .avi .mkv .webm .ogg .oga .ogv .wav .flac ' +
    '.zip .gz .tgz .bz2 .xz .zst .7z .rar .tar .jar .war .ear .class .so .dylib .dll .exe .a .o .obj .lib .pyc .wasm .node .pdf .doc .docx .xls .xlsx .ppt .pptx .odt .ods ' +
    '.sqlite .db .bin .dat .pack .idx .glb .fbx .blend .ktx2 .riv .lottie .snap.gz').split(' '),
);

/** Any other file that may hold text: nothing of it becomes part of the graph, but it is searched. */
export const plainText: Extractor = {
  id: 'text@1',
  kind: 'text',
  skipsMinified: false,
  classOf: (path) => (BINARY.has(extname(path).toLowerCase()) ? null : 'text'),
  maxBytes: () => MAX_SEARCHED,
  extract: () => ({ body: null, items: 0 }),
};
