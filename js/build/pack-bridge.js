// For `npm pack`: puts what Emscripten is given of js/ into the package as one file, which takes a bundler, and takes
// it away again.

import { rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { bundleBridge, packedBridge } from './emscripten.js';

if (process.argv[2] === 'remove') rmSync(packedBridge, { force: true });
else writeFileSync(packedBridge, await bundleBridge());
