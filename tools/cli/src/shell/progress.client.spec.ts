import { PassThrough } from 'node:stream';
import { createProgress, noProgress } from './progress.client';
import type { Sink } from './shell';

function recorder(isTTY: boolean): { sink: Sink; text: () => string } {
  const sink: Sink = Object.assign(new PassThrough(), { isTTY, columns: 100 });
  const chunks: string[] = [];
  sink.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { sink, text: () => chunks.join('') };
}

it('draws a bar on a terminal and takes it away', () => {
  const { sink, text } = recorder(true);
  const progress = createProgress(sink);

  progress.show({ label: 'parsing\u0007', done: 0, total: null });
  progress.show({ label: 'parsing', done: 106, total: 212 });
  progress.end();
  progress.end();

  expect(text()).toContain('░'.repeat(12));
  expect(text()).toMatch(/█{12}░{12} parsing 106 of 212/);
  expect(text()).not.toContain('\u0007');
  // The cursor is back, and the line is empty.
  expect(text()).toMatch(/\u001b\[\?25h[^]*$/);
});

it('begins a new bar after a line in between', () => {
  const { sink, text } = recorder(true);
  const progress = createProgress(sink);

  progress.show({ label: 'fetching', done: 1, total: 2 });
  progress.end();
  sink.write('news\n');
  progress.show({ label: 'parsing', done: 1, total: 2 });
  progress.end();

  expect(text()).toMatch(/fetching[^]*news\n[^]*parsing/);
});

it('writes lines now and then elsewhere', () => {
  const { sink, text } = recorder(false);
  const progress = createProgress(sink);

  for (const done of [0, 10, 50, 60, 100]) progress.show({ label: 'parsing', done, total: 100 });
  progress.end();

  expect(text()).toBe('parsing 0 of 100\nparsing 50 of 100\nparsing 100 of 100\n');
});

it('may show nothing', () => {
  expect(() => {
    noProgress.show({ label: 'parsing', done: 0, total: null });
    noProgress.end();
  }).not.toThrow();
});
