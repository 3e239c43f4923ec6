import type { LogPosition } from '@granary/contracts';
import fc from 'fast-check';
import type { StreamFilter } from './filter';
import { shows } from './filter';
import { nextStep, throughOf } from './next-step';
import { BEGINNING, comparePositions, positionText, readPosition } from './position';
import { Window, type Framed } from './window';

const at = (epoch: number, sequence: number): LogPosition => ({ epoch, sequence });
const entry = (position: LogPosition, changes: Partial<Framed> = {}): Framed => ({ position, tenant: 'acme', type: 'a.b.v1', key: 'k', correlationId: null, frame: Buffer.from(positionText(position)), ...changes });
const everything: StreamFilter = { tenant: 'acme', repositories: 'all' };
const windowOf = (start: LogPosition, entries: readonly Framed[], limits = { entries: 100, bytes: 10_000 }) => {
  const window = new Window(start, limits);
  window.append(entries);
  return window;
};
const told = (step: ReturnType<typeof nextStep>) => (step.state === 'send' ? { ...step, frames: step.frames.map(String) } : step);

describe('the next step of a stream', () => {
  const window = windowOf(at(1, 10), [11, 12, 14].map((sequence) => entry(at(1, sequence), sequence === 12 ? { tenant: 'umbra' } : {})));

  it.each([
    ['at the end', at(1, 14), 100, { state: 'wait' }],
    ['before what the window has not seen yet', at(1, 20), 100, { state: 'wait' }],
    ['in an epoch that the window has not seen yet', at(2, 0), 100, { state: 'wait' }],
    ['at the beginning of the window', at(1, 10), 100, { state: 'send', frames: ['1:11', '1:14'], through: at(1, 14) }],
    ['inside', at(1, 11), 100, { state: 'send', frames: ['1:14'], through: at(1, 14) }],
    ['in a hole', at(1, 13), 100, { state: 'send', frames: ['1:14'], through: at(1, 14) }],
    ['with room for one frame', at(1, 10), 1, { state: 'send', frames: ['1:11'], through: at(1, 11) }],
    ['before the window', at(1, 9), 100, { state: 'read', after: at(1, 9), upTo: at(1, 14) }],
    ['at the very beginning', BEGINNING, 100, { state: 'read', after: BEGINNING, upTo: at(1, 14) }],
  ])('%s', (_, position, most, expected) => {
    expect(told(nextStep(position, window, everything, most))).toEqual(expected);
  });
});

describe('a window', () => {
  it.each([
    ['entries', { entries: 2, bytes: 10_000 }, at(1, 3), ['1:4', '1:5']],
    ['bytes', { entries: 100, bytes: 7 }, at(1, 3), ['1:4', '1:5']],
    ['bytes, but for one entry', { entries: 100, bytes: 1 }, at(1, 4), ['1:5']],
  ])('never holds more %s than it may', (_, limits, begin, held) => {
    const window = windowOf(at(1, 0), [1, 2, 3, 4, 5].map((sequence) => entry(at(1, sequence))), limits);
    expect([window.begin, window.end, [...window.after(window.begin)].map(({ frame }) => String(frame))]).toEqual([begin, at(1, 5), held]);
  });
});

describe('positions', () => {
  it.each<[string, LogPosition | null]>([
    ['1:4711', at(1, 4711)],
    ['0:0', BEGINNING],
    ['9007199254740991:9007199254740991', at(9007199254740991, 9007199254740991)],
    ...['', '1', ':', '1:', ':1', '1:2:3', '-1:2', '+1:2', '01:2', '1:02', '1.0:2', '1e3:2', ' 1:2', '1:2 ', '1:2\n', '١:٢', '9007199254740992:1', '1:99999999999999999999'].map((text): [string, null] => [text, null]),
  ])('%j', (text, position) => {
    expect(readPosition(text)).toEqual(position);
    if (position) expect(positionText(position)).toBe(text);
  });
});

// What happens, in whatever order: the log grows, the follower reads a page of it, streams open anywhere, take steps, and get their pages.
type Happening =
  | { readonly what: 'commit'; readonly rows: readonly { gap: number; epoch: boolean; tenant: string }[] }
  | { readonly what: 'follow'; readonly limit: number }
  | { readonly what: 'open'; readonly from: number; readonly tenant: string }
  | { readonly what: 'step'; readonly stream: number; readonly most: number; readonly limit: number };

// Mostly in one epoch and without gap, so that mistakes by one show.
const row = fc.record({ gap: fc.constantFrom(0, 0, 0, 0, 2), epoch: fc.nat(11).map((n) => n === 0), tenant: fc.constantFrom('acme', 'acme', 'acme', 'umbra') });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant('commit' as const), rows: fc.array(row, { minLength: 1, maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('follow' as const), limit: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('open' as const), from: fc.nat(), tenant: fc.constantFrom('acme', 'acme', 'umbra') }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('step' as const), stream: fc.nat(), most: fc.nat(30), limit: fc.integer({ min: 1, max: 20 }) }) },
);

interface Open {
  readonly filter: StreamFilter;
  readonly from: LogPosition;
  at: LogPosition;
  asked: { after: LogPosition; upTo: LogPosition } | null;
  readonly sent: string[];
}

class Story {
  readonly log: Framed[] = [];
  readonly window: Window;
  readonly streams: Open[] = [];

  constructor(entries: number) {
    this.window = new Window(BEGINNING, { entries, bytes: 10_000 });
  }

  play(now: Happening): void {
    if (now.what === 'commit') this.commit(now.rows);
    else if (now.what === 'follow') this.window.append(this.log.filter(({ position }) => comparePositions(position, this.window.end) > 0).slice(0, now.limit));
    else if (now.what === 'open') this.open(now.from, now.tenant);
    else if (this.streams.length > 0) this.step(this.streams[now.stream % this.streams.length] as Open, now.most, now.limit);
  }

  private commit(rows: readonly { gap: number; epoch: boolean; tenant: string }[]): void {
    for (const { gap, epoch, tenant } of rows) {
      const last = this.log.at(-1)?.position ?? at(1, 0);
      this.log.push(entry(epoch ? at(last.epoch + 1, 1) : at(last.epoch, last.sequence + 1 + gap), { tenant }));
    }
  }

  private open(from: number, tenant: string): void {
    const places = [BEGINNING, ...this.log.map(({ position }) => position)];
    const position = places[from % places.length] as LogPosition;
    this.streams.push({ filter: { ...everything, tenant }, from: position, at: position, asked: null, sent: [] });
  }

  /** A page that was asked for is answered with the log of this moment, which may have grown since. */
  private step(stream: Open, most: number, limit: number): void {
    if (stream.asked) {
      const { after, upTo } = stream.asked;
      const found = this.log.filter(({ position, tenant }) => tenant === stream.filter.tenant && comparePositions(position, after) > 0 && comparePositions(position, upTo) <= 0);
      const page = found.slice(0, limit);
      stream.sent.push(...page.map(({ frame }) => String(frame)));
      stream.at = throughOf(found.length > limit ? (page.at(-1) as Framed).position : null, upTo);
      stream.asked = null;
      return;
    }
    const step = nextStep(stream.at, this.window, stream.filter, most + 1);
    if (step.state === 'read') stream.asked = step;
    if (step.state !== 'send') return;
    stream.sent.push(...step.frames.map(String));
    stream.at = step.through;
  }

  /** Lets everything under way end. */
  settle(): void {
    this.play({ what: 'follow', limit: Infinity });
    for (const stream of this.streams) while (stream.asked !== null || comparePositions(stream.at, this.window.end) < 0) this.step(stream, 30, 3);
  }

  expected({ filter, from }: Open): string[] {
    return this.log.filter((one) => shows(filter, one) && comparePositions(one.position, from) > 0).map(({ frame }) => String(frame));
  }
}

it('shows each event of the log exactly once and in order, however commits, pages and streams come together', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 4 }), (happenings, entries) => {
      const story = new Story(entries);
      for (const now of happenings) story.play(now);
      story.settle();
      for (const stream of story.streams) expect(stream.sent).toEqual(story.expected(stream));
    }),
    { numRuns: 300 },
  );
});
