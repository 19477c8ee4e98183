import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { librarySources } from './builds.js';
import { engines } from './engines.js';
import { patchSources } from './patch.js';
import { missingPrograms, root, run } from './process.js';
import { once, outcomeOf } from './suite.js';

/** @import { Engine } from './engines.js' */
/** @import { Finished } from './process.js' */
/** @import { Outcome, Result, Suite } from './suite.js' */

/**
 * Something that runs examples/lua.c.
 * @typedef {object} Place
 * @property {string} backend
 * @property {string} name
 * @property {boolean} hasFiles
 * @property {() => string | null} missing
 * @property {() => Promise<Finished>} make
 * @property {(folder: string) => string[]} command that runs it, where the folder is the program's working directory
 */

const lua = 'build/lua-5.4.4/src';
const interpreter = 'lua5.4';

/**
 * What each script begins with, in its first line. What it prints is kept until its end, since all of them take turns:
 * where there is a sleep, each lets the others run after so many instructions, wherever it is.
 */
const prelude = [
  'local _out = {}',
  'function print(...) for i = 1, select("#", ...) do _out[#_out + 1] = i > 1 and "\\t" or "" ',
  '_out[#_out + 1] = tostring((select(i, ...))) end _out[#_out + 1] = "\\n" end',
  'function io.write(...) for i = 1, select("#", ...) do _out[#_out + 1] = tostring((select(i, ...))) end ',
  'return io.stdout end',
  'if sleep then debug.sethook(function() sleep(0) end, "", 997) else sleep = function() end end',
  'local function script(...) ',
].join(' ');

/** What stands before the output of each script. */
const mark = '=== ';

/** @param {string} folder of tests/lua @returns {string[]} */
function namesIn(folder) {
  const files = readdirSync(join(root, 'tests/lua', folder)).filter((file) => file.endsWith('.lua'));
  return files.map((file) => `${folder}${file.slice(0, -'.lua'.length)}`);
}

/** @param {string} name */
function textOf(name) {
  const body = readFileSync(join(root, 'tests/lua', `${name}.lua`), 'utf8');
  return `${prelude}${body}\nend script() io.stdout:write("${mark}${name}\\n", table.concat(_out))`;
}

/** @param {boolean} withFiles */
const scriptNames = (withFiles) => [...namesIn(''), ...(withFiles ? namesIn('files/') : [])];

/** @param {(folder: string) => Promise<Outcome>} use */
async function inFolder(use) {
  mkdirSync(join(root, 'build/lua'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/lua/'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Debian's interpreter makes of one script, alone. */
const expectedOf = once(async (name) => {
  let text = '';
  await inFolder(async (folder) => {
    const finished = await run([interpreter, '-e', textOf(name)], { cwd: folder });
    text = finished.ok ? finished.stdout : finished.output;
    return outcomeOf(finished);
  });
  return text;
});

/** @param {string} stdout of all scripts @returns {Map<string, string>} */
function outputs(stdout) {
  const parts = stdout.split(new RegExp(`^(?=${mark})`, 'm'));
  return new Map(parts.map((part) => [part.slice(mark.length, part.indexOf('\n')), part]));
}

/**
 * Runs all scripts at once, each in a greenlet, and compares each with what the interpreter prints.
 * @param {Place} place
 * @returns {Promise<Outcome>}
 */
function runScripts(place) {
  return inFolder(async (folder) => {
    const names = scriptNames(place.hasFiles);
    const args = names.flatMap((name) => ['-e', textOf(name)]);
    const { stdout, output } = await run([...place.command(folder), ...args], { cwd: folder, seconds: 240 });
    const actual = outputs(stdout);
    let text = '';
    /** @type {Result[]} */
    const results = [];
    for (const name of names) {
      const expected = await expectedOf(name);
      const ok = actual.get(name) === expected;
      results.push({ name, ok });
      if (!ok) text += `${name}: expected\n${expected}got\n${actual.get(name)}\n`;
    }
    const failed = results.filter(({ ok }) => !ok).length;
    const said = failed ? text + output.replace(stdout, '') : '';
    return { passed: results.length - failed, failed, output: said, results };
  });
}

const waiting = [
  'for _ = 1, 2 do sleep(0.6) print("long") end',
  'sleep(0.3) print("short") print(pcall(function() sleep(0.6) error("failed", 0) end))',
  'for line in io.lines() do print("read " .. line) end',
];
const waited = 'read one\nread two\nshort\nlong\nfalse\tfailed\nlong\n';

/**
 * Two scripts that sleep, and one that reads.
 * @param {Place} place
 * @returns {Promise<Outcome>}
 */
function runWaiting(place) {
  return inFolder(async (folder) => {
    const command = [...place.command(folder), ...waiting.flatMap((text) => ['-e', text])];
    const { ok, stdout, output } = await run(command, { cwd: folder, input: 'one\ntwo\n', seconds: 60 });
    return outcomeOf({ ok: ok && stdout === waited, output });
  });
}

/** @param {Place} place @returns {Suite} */
const suiteOf = (place) => ({
  name: `lua ${place.name}`,
  backend: place.backend,
  host: `${place.name}, Lua`,
  missing: () => missingLua() ?? place.missing(),
  async run() {
    const made = await place.make();
    if (!made.ok) return outcomeOf(made);
    const [scripts, waits] = [await runScripts(place), await runWaiting(place)];
    return {
      ...scripts,
      passed: scripts.passed + waits.passed,
      failed: scripts.failed + waits.failed,
      output: scripts.output + (waits.failed ? waits.output : ''),
    };
  },
});

function missingLua() {
  if (!existsSync(join(root, lua))) return 'no source of Lua: run examples/lua/fetch.sh';
  return missingPrograms(interpreter);
}

/** As the first lines of examples/lua.c have it. */
function luaSources() {
  const files = readdirSync(join(root, lua)).filter((file) => /^l.*\.c$/.test(file));
  return files.filter((file) => !/^luac?\.c$/.test(file)).map((file) => `${lua}/${file}`);
}

const moduleFlags = [
  ...[`-I${lua}`, '-include', 'examples/lua/lua_cfg.h', '-Wno-deprecated-declarations'],
  ...['-lwasi-emulated-signal', '-lwasi-emulated-process-clocks'],
];

/** @param {string} host */
const moduleOf = (host) => join(root, 'build/wasm', `lua-${host}.wasm`);

const makeModule = once((host) => {
  mkdirSync(join(root, 'build/wasm'), { recursive: true });
  const sources = ['examples/lua.c', 'examples/lua/absent.c', ...luaSources()];
  const command = ['js/cli.js', 'build', '--host', host, ...sources, ...moduleFlags];
  return run([process.execPath, ...command, '-o', moduleOf(host)]);
});

const program = join(root, 'build/native/lua');

/** With the cooperative libc. Lua asks for -lm. */
const makeProgram = once(() => {
  mkdirSync(join(root, 'build/native'), { recursive: true });
  const library = [...librarySources('x86_64'), 'src/gevent/loop_uv.c', ...patchSources];
  const sources = ['examples/lua.c', ...luaSources(), ...library];
  const flags = ['-std=c11', '-O2', '-Isrc', `-I${lua}`, '-D_DEFAULT_SOURCE'];
  return run(['gcc', ...flags, ...sources, '-o', program, '-luv', '-lpthread', '-lm']);
});

/** @type {Place} */
const natively = {
  backend: 'x86_64',
  name: 'native',
  hasFiles: true,
  missing() {
    if (process.platform !== 'linux' || process.arch !== 'x64') return 'not x86-64 Linux';
    return missingPrograms('gcc') ?? (existsSync('/usr/include/uv.h') ? null : 'no libuv');
  },
  make: () => makeProgram(''),
  command: () => [program],
};

/** @param {Engine} engine @returns {Place} */
const inWasm = ({ name, program: node, missing }) => ({
  backend: 'asyncify',
  name,
  hasFiles: false,
  missing,
  make: () => makeModule('javascript'),
  command: () => [node, join(root, 'js/cli.js'), 'run', moduleOf('javascript')],
});

/** @param {Engine} engine @returns {Place} */
const onWasi = ({ name, program: node, missing }) => ({
  backend: 'asyncify',
  name: `node:wasi ${name}`,
  hasFiles: true,
  missing,
  make: () => makeModule('wasi'),
  command: (folder) => [node, join(root, 'js/cli.js'), 'run', '--dir', `${folder}::.`, moduleOf('wasi')],
});

/** @type {Suite[]} */
export const luaSuites = [natively, ...engines.map(inWasm), ...engines.map(onWasi)].map(suiteOf);
