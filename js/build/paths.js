import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { env, platform } from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where this package lies: the folder that holds js/, src/ and wasm/. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Where what is made once and used again lies. It may be removed at any time. */
export function cacheFolder() {
  return resolve(env.GREENLET_WASM_CACHE || join(userCacheFolder(), 'greenlet-wasm'));
}

function userCacheFolder() {
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'win32' && env.LOCALAPPDATA) return env.LOCALAPPDATA;
  return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}
