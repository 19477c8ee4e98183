// The package as its users get it: packed, installed into an empty project, without compilers.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { build } from '../../js/build/index.js';
import { installInEmptyProject, manifest, npm, root } from './package/install.js';

/** @type {string} */ let folder;
/** @type {string} */ let tarball;
/** @type {string} */ let installed;

/** The environment of a machine without compilers. */
function bareEnvironment() {
  const { CLANG, WASI_SDK_PATH, NODE_PATH, ...env } = process.env;
  const nothing = join(folder, 'nothing');
  mkdirSync(nothing, { recursive: true });
  return { ...env, PATH: nothing, GREENLET_WASM_CACHE: join(folder, 'cache') };
}

/** @param {string[]} args of the command */
function command(args) {
  const cli = join(installed, manifest.bin['greenlet-wasm']);
  return spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    env: bareEnvironment(),
    encoding: 'utf8',
  });
}

before(async () => {
  ({ folder, tarball, installed } = installInEmptyProject());
  await build({ sources: [join(root, 'examples/basket.c')], output: join(folder, 'basket.wasm') });
  await build({
    sources: [join(root, 'tests/js/programs/bridge.c')],
    output: join(folder, 'bridge.wasm'),
  });
});

after(() => rmSync(folder, { recursive: true, force: true }));

describe('an installed package', () => {
  it('brings nothing along', () => {
    assert.deepEqual(npm(['ls', '--all', '--parseable'], folder).trim().split('\n'), [folder, installed]);
    assert.ok(existsSync(join(folder, 'node_modules/.bin/greenlet-wasm')));
    for (const path of [
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'src/gevent.h',
      'types/index.d.ts',
      'docs/errors.md',
    ])
      assert.ok(existsSync(join(installed, path)), path);
    for (const path of ['tests', 'examples', 'build', 'node_modules'])
      assert.ok(!existsSync(join(installed, path)), path);
  });

  it('loads a module where there is no compiler', () => {
    copyFileSync(join(root, 'examples/shop.js'), join(folder, 'shop.js'));
    const options = { cwd: folder, env: bareEnvironment(), encoding: /** @type {const} */ ('utf8') };
    const output = execFileSync(process.execPath, ['shop.js', 'basket.wasm'], options);
    assert.equal(output, readFileSync(join(root, 'examples/shop.out'), 'utf8'));
  });

  it('loads a compiled module where there is nothing of Node, as at the edge', () => {
    copyFileSync(join(root, 'tests/js/package/edge.js'), join(folder, 'edge.js'));
    const args = ['--disallow-code-generation-from-strings', 'edge.js'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    assert.deepEqual({ stdout, stderr }, { stdout: '42\n', stderr: '' });
  });

  const [major] = process.versions.node.split('.');
  for (const statement of Number(major) >= 24 ? ["import source wasm from './basket.wasm'"] : [])
    it(`loads what is imported: ${statement}`, () => {
      const program = `${statement};
        import { load } from 'greenlet-wasm';
        const app = await load(wasm, { imports: { shop: { price: () => 21 } } });
        console.log(app.callSync('total', 1, 1));`;
      writeFileSync(join(folder, 'source.js'), program);
      const { stdout } = spawnSync(process.execPath, ['source.js'], { cwd: folder, encoding: 'utf8' });
      assert.equal(stdout, '42\n');
    });

  it('says what is missing for a build, and how to get it', () => {
    const { status, stdout } = command(['doctor']);
    assert.equal(status, 1);
    for (const [name, version] of Object.entries(manifest.peerDependencies)) {
      assert.match(
        stdout,
        new RegExp(`${name} +is not installed \\(${version.replaceAll('.', '\\.')} is wanted\\)`),
      );
      assert.match(stdout, new RegExp(`npm install --save-dev .*${name}@${version.replaceAll('.', '\\.')}`));
    }
  });

  it('says so when asked to build', () => {
    copyFileSync(join(root, 'examples/hello.c'), join(folder, 'hello.c'));
    const { status, stderr } = command(['build', 'hello.c']);
    assert.equal(status, 1);
    assert.match(stderr, /^greenlet-wasm: There is no compiler/);
    assert.match(stderr, /npm install --save-dev .*@yowasp\/clang@/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

  it('needs little to load', (t) => {
    const files = reachable(join(installed, 'js/index.js'));
    const sources = files.map((file) => readFileSync(file));
    const size = sources.reduce((sum, { length }) => sum + length, 0);
    const { length: packed } = gzipSync(Buffer.concat(sources));
    t.diagnostic(`load needs ${files.length} files, ${size} bytes, ${packed} with gzip; not minified`);
    assert.ok(packed < 32768);
    assert.ok(!files.some((file) => /\/(build|cli|pool)\//.test(file)));
    assert.ok(!sources.some((source) => /(from|import\() ?'node:/.test(String(source))));
  });
});

/**
 * @param {string} entry
 * @returns {string[]} the files that it imports, and those that they do, by relative names
 */
function reachable(entry) {
  const files = new Set([entry]);
  for (const file of files) {
    const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'/gms);
    for (const [, name] of imports) files.add(join(dirname(file), name));
  }
  return [...files];
}

/** How projects find modules: those for Node, and those for bundlers. */
const MODULES = [{ module: 'nodenext' }, { module: 'esnext', moduleResolution: 'bundler' }];

/** @param {string} program a file of package/ @returns {string} what the TypeScript compiler has against it */
function check(program) {
  copyFileSync(join(root, 'tests/js/package', program), join(folder, program));
  return MODULES.map((modules) => checkAs(program, modules)).join('');
}

/** @param {string} program @param {object} modules */
function checkAs(program, modules) {
  const compilerOptions = { target: 'es2023', ...modules, strict: true, noEmit: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [program] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout;
}

describe('its types', () => {
  it('hold in a strict program', () => {
    assert.equal(check('consumer.ts'), '');
  });

  it('are generated for a module, and hold its user to them', () => {
    for (const [module, program] of [
      ['basket.wasm', 'typed.ts'],
      ['bridge.wasm', 'every-type.ts'],
    ]) {
      const { status, stderr } = command(['types', module]);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      assert.equal(check(program), '');
    }
  });

  it('hold for iterations and streams', async () => {
    for (const name of ['iterate', 'streams']) {
      const flags = ['-Wall', '-Wextra', '-Wpedantic', '-Werror']; // as other tests build it
      const sources = [join(root, `tests/js/programs/${name}.c`)];
      await build({ sources, flags, output: join(folder, `${name}.wasm`) });
      assert.equal(command(['types', `${name}.wasm`]).status, 0);
    }
    assert.equal(check('streaming.ts'), '');
  });

  it('hold in one that builds, and so has the peers', () => {
    const peer = join(folder, 'node_modules/binaryen');
    symlinkSync(join(root, 'node_modules/binaryen'), peer, 'junction');
    assert.equal(check('builder.ts'), '');
    unlinkSync(peer);
  });
});

describe('the tools that judge packages', () => {
  const engines = join(root, 'tests/engines/node_modules');
  const tools = [
    { name: 'publint', file: 'publint/src/cli.js', args: ['--strict'] },
    { name: 'attw', file: '@arethetypeswrong/cli/dist/index.js', args: ['--profile', 'esm-only'] },
  ];
  for (const { name, file, args } of tools) {
    const skip =
      !existsSync(join(engines, file)) &&
      'tests/engines has not been installed: npm ci --prefix tests/engines';
    it(`has nothing against it: ${name}`, { skip }, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(engines, file), ...args, tarball],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
      assert.equal(status, 0, stdout + stderr);
      assert.doesNotMatch(stdout, /Suggestions|Warnings|Errors|❌/);
    });
  }
});
