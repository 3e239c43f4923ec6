import type { Drill } from '../drill.ts';
import { cacheDrills } from './caches.ts';
import { databaseDrills } from './database.ts';
import { decisionDrills } from './decisions.ts';
import { eventDrills } from './events.ts';
import { harvestDrills } from './harvest.ts';
import { peopleDrills } from './people.ts';
import { recordDrills } from './record.ts';
import { serviceDrills } from './services.ts';

/** All drills, in the order in which `--all` does them. */
export const drills: readonly Drill[] = [...peopleDrills, ...decisionDrills, ...cacheDrills, ...harvestDrills, ...eventDrills, ...databaseDrills, ...recordDrills, ...serviceDrills];
