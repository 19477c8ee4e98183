import { lessons } from '../lessons.js';
import { Compiler } from './compiler/compiler.js';
import { findingsIn } from './diagnostics.js';
import { Editor } from './editor.js';
import { find } from './find.js';
import { showLesson } from './lesson-view.js';
import { Runner } from './run/runner.js';
import { readFragment, writeFragment } from './share.js';
import { say, sayProgress } from './status.js';
import { Terminal } from './terminal.js';

/**
 * @import { Lesson } from '../lessons.js'
 * @import { Outcome } from './run/runner.js'
 */

const steps = { compile: 'Compiling.', link: 'Linking.', instrument: 'Making the stacks switchable.' };

const clock = find('clock', HTMLSelectElement);

/** What the page can do: it opens lessons, builds what is in the editor, and runs it. */
export class Playground {
  /** @type {Lesson} */ #lesson = lessons[0];
  /** What the lesson's program is if nobody changes it. */
  #original = '';
  /** What else the reader has made of each. @type {Map<Lesson, string>} */
  #edited = new Map();
  /** What is being built or running. @type {object | undefined} */ #attempt;
  #editor = new Editor(find('editor', HTMLElement), {
    onChange: () => this.#noteChange(),
    onRun: () => this.run(),
  });
  #terminal = new Terminal(find('terminal', HTMLElement), { onInterrupt: () => this.stop() });
  #compiler = new Compiler({ onProgress: sayProgress, onStep: (step) => say(steps[step]) });
  #runner = new Runner({
    onOutput: (bytes, stream) => this.#terminal.write(bytes, stream),
    readInput: () => this.#terminal.read(),
  });

  // ---- what is in the editor ----------------------------------------------------------------------

  /**
   * Opens a lesson, with what the reader has made of it.
   *
   * @param {Lesson} lesson
   * @param {string} [program] another to begin with
   */
  async open(lesson, program = this.#edited.get(lesson)) {
    this.stop();
    this.#end();
    this.#lesson = lesson;
    showLesson(lesson);
    const response = await fetch(urlOf(lesson, 'c'));
    if (this.#lesson !== lesson) return; // another was chosen meanwhile
    this.#original = await response.text();
    this.#editor.text = program ?? this.#original;
    this.#noteChange();
    this.#terminal.clear();
    find('copy', HTMLButtonElement).disabled = true;
    say('Ready: press Run, or Ctrl+Enter.');
    await this.remember();
  }

  /**
   * Opens what a link says.
   *
   * @param {string} fragment of a URL
   */
  async openLink(fragment) {
    try {
      const shared = await readFragment(fragment);
      if (shared.clock) clock.value = shared.clock;
      await this.open(lessons.find(({ name }) => name === shared.lesson) ?? this.#lesson, shared.program);
    } catch (error) {
      await this.open(this.#lesson);
      sayError(error);
    }
  }

  #noteChange() {
    const isOriginal = this.#isOriginal;
    if (isOriginal) this.#edited.delete(this.#lesson);
    else this.#edited.set(this.#lesson, this.#editor.text);
    find('restore', HTMLButtonElement).disabled = isOriginal;
  }

  get #isOriginal() {
    return this.#editor.text === this.#original;
  }

  /** Takes back what the reader has changed. */
  restore() {
    this.#editor.text = this.#original;
    this.#noteChange();
  }

  // ---- build and run ------------------------------------------------------------------------------

  /** Builds the program, if it is not a lesson's own, and runs it, in the place of what is running. */
  async run() {
    this.stop();
    const attempt = this.#begin();
    this.remember();
    try {
      const program = this.#isOriginal ? urlOf(this.#lesson, 'wasm') : await this.#build();
      const outcome = program && (await this.#runProgram(program));
      if (outcome && attempt === this.#attempt) say(describe(outcome), isGood(outcome) ? 'plain' : 'error');
    } catch (error) {
      if (attempt === this.#attempt) sayError(error);
    }
    if (attempt === this.#attempt) this.#end();
  }

  /** @returns {object} what the attempt is known by, until another begins */
  #begin() {
    this.#attempt = {};
    find('stop', HTMLButtonElement).disabled = false;
    find('copy', HTMLButtonElement).disabled = true;
    this.#editor.show([]);
    this.#terminal.start();
    return this.#attempt;
  }

  #end() {
    this.#attempt = undefined;
    find('stop', HTMLButtonElement).disabled = true;
    find('copy', HTMLButtonElement).disabled = this.#terminal.transcript === '';
    this.#terminal.end();
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} nothing if the program is at fault */
  async #build() {
    say('Compiling.');
    const file = `${this.#lesson.name}.c`;
    const { wasm, diagnostics } = await this.#compiler.build(file, this.#editor.text);
    const findings = findingsIn(diagnostics, file);
    this.#editor.show(findings);
    if (diagnostics) await this.#terminal.note(diagnostics);
    if (!wasm) say(describeFailure(findings, diagnostics), 'error');
    return wasm;
  }

  /** @param {string | Uint8Array<ArrayBuffer>} program */
  #runProgram(program) {
    say('Running.');
    return this.#runner.run({ program, clock: this.#clock });
  }

  /** Ends what is being built or running. */
  stop() {
    this.#compiler.cancel();
    this.#runner.stop();
  }

  get #clock() {
    return clock.value === 'virtual' ? 'virtual' : 'real';
  }

  // ---- what is taken along ------------------------------------------------------------------------

  /** Puts the program and its settings into the page's address, so that it opens with them again. */
  async remember() {
    const program = this.#isOriginal ? undefined : this.#editor.text;
    const fragment = await writeFragment({ lesson: this.#lesson.name, clock: this.#clock, program });
    history.replaceState(null, '', fragment);
  }

  /** Puts the page's address, with the program and its settings, where the reader can paste it from. */
  async share() {
    await this.remember();
    await copy(location.href, 'The link is copied; the program is in it.', 'The link is in the address bar.');
  }

  /** Puts what the program has written where the reader can paste it from. */
  async copyOutput() {
    await copy(this.#terminal.transcript, 'The output is copied.', 'The browser does not let the page copy.');
  }
}

/** @param {Lesson} lesson @param {'c' | 'wasm'} ending */
function urlOf({ name }, ending) {
  return new URL(`lessons/${name}.${ending}`, document.baseURI).href;
}

/** @param {string} text @param {string} done @param {string} refused */
async function copy(text, done, refused) {
  await navigator.clipboard.writeText(text).then(
    () => say(done),
    () => say(refused),
  );
}

/** @param {ReturnType<typeof findingsIn>} findings in the program itself @param {string} diagnostics all of them */
function describeFailure(findings, diagnostics) {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (!errors.length) return `The program does not ${/^wasm-ld:/m.test(diagnostics) ? 'link' : 'compile'}.`;
  const [{ line, message }] = errors;
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return `Line ${line}: ${message.split('\n')[0]}${more}.`;
}

/** @param {Outcome} outcome */
function isGood(outcome) {
  return outcome.kind === 'stopped' || (outcome.kind === 'ended' && outcome.code === 0);
}

/** @param {Outcome} outcome */
function describe(outcome) {
  if (outcome.kind === 'stopped') return 'Stopped.';
  if (outcome.kind === 'flooded') return 'Stopped: the program wrote 16 MB without a pause.';
  if (outcome.kind === 'failed') return `The program could not be run: ${outcome.message}`;
  return `Ended with status ${outcome.code} after ${(outcome.milliseconds / 1000).toFixed(2)} s.`;
}

/** @param {unknown} error what has come instead of an outcome */
function sayError(error) {
  if (error instanceof DOMException && error.name === 'AbortError') say('Stopped.');
  else say(error instanceof Error ? error.message : String(error), 'error');
}
