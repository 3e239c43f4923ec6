// Exits with 0 when the service of this container wants work.
const port = process.env.GRANARY_HTTP_PORT || '8080';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_500) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
