import { createCounter, createGauge, createHistogram, type Metrics } from '@granary/observability';
import type { Answer } from './answer';
import { REFUSAL_CODES } from './refusal';

export type Entrance = 'http' | 'nats';

const ENTRANCES: readonly Entrance[] = ['http', 'nats'];

export type AdmissionMeters = ReturnType<typeof admissionMeters>;

export function admissionMeters(metrics: Metrics, waiting: () => number) {
  const events = createCounter(metrics, {
    name: 'granary_admission_total',
    help: 'Foreign events by entrance and outcome: stored, known already, or the code of the refusal',
    labels: { entrance: ENTRANCES, outcome: ['admitted', 'duplicate', ...REFUSAL_CODES] },
  });
  const bytes = createCounter(metrics, { name: 'granary_admission_bytes_total', help: 'Bytes of requests with foreign events', labels: { entrance: ENTRANCES } });
  const seconds = createHistogram(metrics, {
    name: 'granary_admission_seconds',
    help: 'From a request with foreign events to their answers',
    labels: { entrance: ENTRANCES },
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2, 10],
  });
  createGauge(metrics, { name: 'granary_admission_waiting', help: 'Admitted events that the stream has not acknowledged yet', read: waiting });
  return {
    request(entrance: Entrance, size: number, ms: number): void {
      bytes.inc({ entrance }, size);
      seconds.observe({ entrance }, ms / 1_000);
    },
    answered(entrance: Entrance, answer: Answer): void {
      events.inc({ entrance, outcome: outcomeOf(answer) });
    },
  };
}

function outcomeOf(answer: Answer): string {
  if (answer.state === 'refused') return answer.code;
  return answer.duplicate ? 'duplicate' : 'admitted';
}
