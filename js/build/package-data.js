import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './paths.js';

/**
 * A data file of this package.
 * @param {string} path relative to the package
 */
export function readPackageJson(path) {
  return JSON.parse(readFileSync(join(packageRoot, path), 'utf8'));
}

/** @type {{ version: string, peerDependencies: Record<string, string> }} */
export const manifest = readPackageJson('package.json');
