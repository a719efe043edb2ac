import type { Chapter } from './chapter';
import { coverage } from './coverage';

/** In the order in which they are played: each leaves a city that the next can use. */
export const CHAPTERS: readonly Chapter[] = [coverage];
