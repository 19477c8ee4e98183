// The package as npm makes and installs it.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** @param {string[]} args of npm @param {string} cwd */
export function npm(args, cwd) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return execFileSync('npm', [...args, ...quiet], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

/**
 * Packs a copy of what npm would look at: packing writes types/, and other tests may do so too.
 *
 * @param {string} folder
 * @returns {string} the tarball
 */
function pack(folder) {
  const copy = join(folder, 'source');
  const settings = ['package.json', 'README.md', 'LICENSE', 'tsconfig.json', 'tsconfig.types.json'];
  for (const path of [...settings, ...manifest.files]) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  rmSync(join(copy, 'types'), { recursive: true, force: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const report = npm(['pack', '--json', '--silent', '--pack-destination', folder], copy);
  const [{ filename }] = JSON.parse(report.replace(/^[^[]*/, '')); // after what prepack says
  return join(folder, filename);
}

/** An empty project, and the package installed in it. The folder is the caller's to remove. */
export function installInEmptyProject() {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-package-'));
  const tarball = pack(folder);
  const project = { name: 'empty', private: true, type: 'module' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  npm(['install', '--offline', tarball], folder);
  return { folder, tarball, installed: join(folder, 'node_modules', manifest.name) };
}
