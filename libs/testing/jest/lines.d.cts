export const LINES_FOLDER: string;
export function countedSources(): string[];
export function isCounted(path: string): boolean;
export function withMarks(source: string): { source: string; lines: number[] };
export function marksOf(path: string, lines: readonly number[]): Uint8Array;
