import type { FactAiUsage, Finding, FindingCounts, LanguageShare } from '@granary/contracts';
import { countFiles, countFindings, findingsOf, languageStatistics, requiredPackages, tierOf, tiersOf } from '@granary/extract';
import type { Counts, Fact, Found, ScannedFile, TierShare } from '@granary/extract';
import { inTurns } from './in-turns';

/** What was learned about a snapshot. */
export interface Learned {
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly counts: Counts;
  readonly tiers: readonly TierShare[];
  readonly tier: 1 | 2 | 3;
  readonly tierReasons: readonly string[];
  readonly languages: readonly LanguageShare[];
  readonly found: Found;
  readonly findingCounts: FindingCounts;
  /** Package URLs of what the manifests ask for. */
  readonly packages: readonly string[];
}

/** What one file adds to it. It stays the same as long as file, fact and decisions do. */
export interface FileNote {
  readonly fact: Fact | undefined;
  readonly decisions: Decisions;
  readonly findings: readonly Finding[];
  readonly aiUsage: readonly FactAiUsage[];
  /** Whether something is to be said about its search. */
  readonly isRemarkable: boolean;
  readonly packages: readonly string[];
}

/** Reasons of findings that may stay, by id. */
export type Decisions = ReadonlyMap<string, string>;

export interface ToLearn {
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  /** Time spent on each fact that was read now, by `keyText`. */
  readonly micros: ReadonlyMap<string, number>;
  /** What is to be said about the repository's own artifacts. */
  readonly remarks: readonly string[];
  readonly decisions: Decisions;
  /** Notes of an earlier snapshot; new ones are added. */
  readonly notes: WeakMap<ScannedFile, FileNote>;
}

/** Puts together what the files of a snapshot say, file by file, so that a few that changed cost little. */
export async function learn({ files, facts, micros, remarks, decisions, notes }: ToLearn): Promise<Learned> {
  const findings: Finding[] = [];
  const aiUsage: FactAiUsage[] = [];
  const remarkable: ScannedFile[] = [];
  const packages = new Set<string>();
  const note = noteTaker(facts, decisions, notes);
  await inTurns(files, (file) => {
    const said = note(file);
    for (const finding of said.findings) findings.push(finding);
    for (const usage of said.aiUsage) aiUsage.push(usage);
    for (const purl of said.packages) packages.add(purl);
    if (said.isRemarkable) remarkable.push(file);
  });
  const found: Found = { findings, aiUsage, remarks: findingsOf(remarkable, facts, decisions).remarks };
  const { tier, reasons } = tierOf(files, facts);
  return {
    files,
    facts,
    counts: countFiles(files, facts, micros),
    tiers: tiersOf(files, facts, micros),
    tier,
    tierReasons: [...reasons, ...remarks, ...found.remarks].map((reason) => reason.slice(0, 512)).slice(0, 100),
    languages: languageStatistics(files),
    found,
    findingCounts: countFindings({ findings, aiUsage }),
    packages: [...packages].sort(),
  };
}

function noteTaker(facts: ReadonlyMap<string, Fact>, decisions: Decisions, notes: WeakMap<ScannedFile, FileNote>): (file: ScannedFile) => FileNote {
  // The notes of one harvest share one object, so that decisions are hardly ever compared more than once.
  let same: Decisions = decisions;
  const areSame = (of: Decisions): boolean => {
    if (of === decisions || of === same) return true;
    if (!haveSame(of, decisions)) return false;
    same = of;
    return true;
  };
  return (file) => {
    const fact = file.wants === null ? undefined : facts.get(file.wants.text);
    const known = notes.get(file);
    if (known !== undefined && known.fact === fact && areSame(known.decisions)) return known;
    const { findings, aiUsage, remarks } = findingsOf([file], facts, decisions);
    const note: FileNote = { fact, decisions, findings, aiUsage, isRemarkable: remarks.length > 0, packages: requiredPackages([file], facts) };
    notes.set(file, note);
    return note;
  };
}

const haveSame = (a: Decisions, b: Decisions): boolean => a.size === b.size && [...a].every(([id, reason]) => b.get(id) === reason);
