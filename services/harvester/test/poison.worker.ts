// The real worker, with an extractor that also does what a blob tells it: say that it is read, hang, crash, eat memory, be slow.
import { existsSync, writeFileSync } from 'node:fs';
import { answerBatches } from '../src/analyse/answer-batches.worker';
import { extractorById } from '@granary/extract';
import { javascript } from '@granary/extract';

function obey(source: string): void {
  const told = /POISON-TELL (\S+)/.exec(source)?.[1];
  if (told !== undefined) writeFileSync(told, '');
  const hang = /POISON-HANG(?:-UNLESS (\S+))?/.exec(source);
  if (hang !== null && (hang[1] === undefined || !existsSync(hang[1]))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (source.includes('POISON-CRASH')) process.kill(process.pid, 'SIGKILL');
  if (source.includes('POISON-MEMORY')) for (const hoard: string[][] = []; ; hoard.push(new Array<string>(1e6).fill(source)));
  const cure = /POISON-UNLESS (\S+)/.exec(source)?.[1];
  if (cure !== undefined && !existsSync(cure)) process.kill(process.pid, 'SIGKILL');
  const milliseconds = /POISON-SLOW (\d+)/.exec(source)?.[1];
  if (milliseconds) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
}

answerBatches((id) => {
  if (id !== javascript.id) return extractorById(id);
  return {
    ...javascript,
    extract(source, pathClass) {
      obey(source);
      return javascript.extract(source, pathClass);
    },
    light(source, pathClass) {
      if (source.includes('POISON-ALWAYS')) obey(source);
      return (javascript.light ?? javascript.extract)(source, pathClass);
    },
  };
});
