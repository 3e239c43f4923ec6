const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The digests of all artifacts that some data names, at any depth: objects with digest, size and media type. */
export function artifactsIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return [];
  const { digest, bytes, mediaType } = data as { digest?: unknown; bytes?: unknown; mediaType?: unknown };
  const own = typeof digest === 'string' && DIGEST.test(digest) && typeof bytes === 'number' && typeof mediaType === 'string' ? [digest] : [];
  return [...own, ...Object.values(data).flatMap(artifactsIn)];
}
