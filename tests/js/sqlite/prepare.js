// Builds SQLite once, before tests run that have a time limit: it takes a minute, and is then in the cache.
//
//   node tests/js/sqlite/prepare.js

import { buildExample, missingSource } from './build.js';

if (!missingSource) await buildExample();
