import { Presets, SingleBar } from 'cli-progress';
import { deservesLine, describeStep, type Step } from './progress';
import type { Sink } from './shell';
import { printable } from './style';

/** Shows how far long work has come: a bar on a terminal, a line now and then elsewhere. */
export interface Progress {
  show(step: Step): void;
  /** Removes the bar; what is written next begins on a clean line. */
  end(): void;
}

export const noProgress: Progress = { show: () => undefined, end: () => undefined };

export function createProgress(sink: Sink): Progress {
  return sink.isTTY ? barProgress(sink) : lineProgress(sink);
}

function lineProgress(sink: Sink): Progress {
  let previous: Step | null = null;
  return {
    show(step) {
      if (!deservesLine(previous, step)) return;
      previous = step;
      sink.write(`${printable(describeStep(step))}\n`);
    },
    end: () => undefined,
  };
}

function barProgress(sink: Sink): Progress {
  let bar: SingleBar | null = null;
  return {
    show(step) {
      bar ??= startBar(sink);
      bar.setTotal(step.total ?? 0);
      bar.update(step.done, { words: printable(describeStep(step)) });
    },
    end() {
      bar?.stop();
      bar = null;
    },
  };
}

function startBar(stream: Sink): SingleBar {
  const bar = new SingleBar({ stream, format: '{bar} {words}', barsize: 24, hideCursor: true, clearOnComplete: true, emptyOnZero: true, gracefulExit: false, fps: 10 }, Presets.shades_classic);
  bar.start(0, 0, { words: '' });
  return bar;
}
