// The program of a worker process. It has no network, no database and no settings, and may be killed at any moment.
import { answerBatches } from './answer-batches.worker';
import { extractorById } from '@granary/extract';

answerBatches(extractorById);
