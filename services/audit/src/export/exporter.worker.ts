import { setTimeout as delay } from 'node:timers/promises';
import { isFault } from '@granary/faults';
import { checkpointsOf, dayOf, daysLater, keepKeyFile, keepSingleCheckpoint, startOf, type Day } from '@granary/audit-export';
import type { Logger } from '@granary/observability';
import { retain } from '../retain/retain.worker';
import type { ExportedDay, ExportLead, ExportStore } from '../store/export.store';
import type { TreeStore } from '../store/tree.store';
import { exportDay } from './export-day.worker';
import { judgeExport } from './health';
import type { ExportMeters, Work } from './metrics';
import type { Uploader } from './upload.worker';

export interface ExporterOptions {
  /** Folder of the export. */
  readonly root: string;
  readonly partBytes: number;
  readonly keepMs: number;
  readonly store: ExportStore;
  readonly tree: TreeStore;
  /** Opened when this process becomes the one who exports; null where nothing goes into object storage. */
  readonly openUploader: (() => Promise<Uploader>) | null;
  readonly meters: ExportMeters;
  readonly log: Logger;
  now(): Date;
  newId(): string;
  readonly everyMs?: number;
}

const ROUND_MS = 10_000;
const RETENTION_MS = 3_600_000;
/** Until then the process that signed a checkpoint has put it into its folder. */
const SETTLED_MS = 60_000;

/** The task that exports the log, in one process at a time: days when they are over, and checkpoints to object storage. Then it lets go what is older than the log is kept. */
export class Exporter {
  readonly name = 'audit-export';
  private readonly stopping = new AbortController();
  private readonly failing = new Map<Work, string>();
  private done: Promise<void> = Promise.resolve();
  private leads = false;
  private completeUntil: Date | null = null;
  private altered: string | null = null;
  private keptUntil = new Date(0);
  private readonly keptKeys = new Set<string>();
  private retainedAt = -Infinity;

  constructor(private readonly options: ExporterOptions) {}

  async start(): Promise<void> {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  check(): ReturnType<typeof judgeExport> {
    const { leads, completeUntil, failing, altered } = this;
    return judgeExport({ leads, completeUntil, failing }, altered, this.options.now());
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const lead = await this.options.store.lead().catch(() => null);
      if (lead !== null) await this.runUnder(lead);
      else await delay(this.options.everyMs ?? ROUND_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async runUnder(lead: ExportLead): Promise<void> {
    const signal = AbortSignal.any([this.stopping.signal, lead.lost]);
    let uploader: Uploader | null = null;
    this.leads = true;
    try {
      while (!signal.aborted) {
        uploader ??= await this.attempt('upload', async () => (await this.options.openUploader?.()) ?? null, null);
        await this.round(uploader, signal);
        await delay(this.options.everyMs ?? ROUND_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      this.leads = false;
      uploader?.close();
      await lead.release().catch(() => undefined);
    }
  }

  /** Each kind of work by itself: what fails does not keep the others from going on. */
  private async round(uploader: Uploader | null, signal: AbortSignal): Promise<void> {
    await this.attempt('checkpoints', () => this.completeCheckpoints(), undefined);
    if (uploader !== null) await this.attempt('upload', () => uploader.checkpoints(), undefined);
    await this.attempt('export', () => this.exportDays(signal), undefined);
    if (uploader !== null) await this.attempt('upload', () => uploader.days(signal), undefined);
    if (performance.now() - this.retainedAt < RETENTION_MS) return;
    await this.attempt('retention', () => retain({ ...this.options, uploads: uploader !== null, dropped: () => this.options.meters.dropped() }, signal), undefined);
  }

  private async attempt<R>(what: Work, work: () => Promise<R>, otherwise: R): Promise<R> {
    try {
      const result = await work();
      this.failing.delete(what);
      if (what === 'retention') this.retainedAt = performance.now();
      return result;
    } catch (error) {
      if (this.stopping.signal.aborted) return otherwise;
      if (isFault(error) && error.code === 'log-altered') this.noteAltered(error.message);
      this.failing.set(what, error instanceof Error ? error.message : String(error));
      this.options.meters.failed(what);
      this.options.log.error({ err: error, work: what }, 'the export of the event log did not get on; it is tried again');
      return otherwise;
    }
  }

  private noteAltered(why: string): void {
    if (this.altered === null) this.options.meters.altered();
    this.altered = why;
  }

  /**
   * The writer of the log puts each checkpoint into the folder as soon as it is signed. What is missing there, because
   * that process has another folder, follows here, each in a file of its own: two never write the same one.
   */
  private async completeCheckpoints(): Promise<void> {
    const { store, root, now } = this.options;
    for (const { id, ...key } of await store.keys()) {
      if (!this.keptKeys.has(id)) await keepKeyFile(root, id, key);
      this.keptKeys.add(id);
    }
    const settled = new Date(now().getTime() - SETTLED_MS);
    const signed = await store.checkpointsBetween(this.keptUntil, settled);
    for (const [day, some] of Map.groupBy(signed, ({ time }) => dayOf(time))) {
      const there = new Set(await checkpointsOf(root, day));
      for (const { note } of some) if (!there.has(note)) await keepSingleCheckpoint(root, note);
    }
    this.keptUntil = signed.at(-1)?.time ?? this.keptUntil;
  }

  private async exportDays(signal: AbortSignal): Promise<void> {
    const { store, meters, log } = this.options;
    for (;;) {
      const last = await store.lastDay();
      this.noteComplete(last);
      const day = await this.nextDay(last);
      if (day === null) return;
      const begun = performance.now();
      const manifest = await exportDay(this.options, day, last, signal);
      if (manifest === null) return;
      const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
      meters.exported(manifest.leaves, bytes, (performance.now() - begun) / 1_000);
      log.info({ day, leaves: manifest.leaves, bytes, ms: Math.round(performance.now() - begun) }, 'a day of the event log was exported');
      this.altered = null;
    }
  }

  private noteComplete(last: ExportedDay | null): void {
    if (last === null) return;
    this.completeUntil = startOf(daysLater(last.day, 1));
    this.options.meters.completeUntil(this.completeUntil);
  }

  /** The one behind the last, the first of the log where none was exported; null while it is not over. */
  private async nextDay(last: ExportedDay | null): Promise<Day | null> {
    const first = last === null ? await this.options.store.firstStoredAt() : null;
    if (last === null && first === null) return null;
    const day = last === null ? dayOf(first as Date) : daysLater(last.day, 1);
    return day < dayOf(this.options.now()) ? day : null;
  }
}
