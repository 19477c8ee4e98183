import { cpp } from '@codemirror/lang-cpp';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { basicSetup } from 'codemirror';

/** @import { Finding } from './diagnostics.js' */

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], color: 'var(--syntax-keyword)' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], color: 'var(--syntax-type)' },
  { tag: [tags.string, tags.character], color: 'var(--syntax-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--syntax-number)' },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: 'var(--syntax-comment)' },
  { tag: [tags.processingInstruction, tags.meta], color: 'var(--syntax-preprocessor)' },
  { tag: tags.function(tags.definition(tags.variableName)), color: 'var(--syntax-function)' },
]);

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--panel)' },
  '.cm-scroller': { fontFamily: 'var(--monospace)', fontSize: '13px', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--accent)' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--faint)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--active-line)' },
  '.cm-cursor': { borderLeftColor: 'var(--accent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'var(--selection) !important',
  },
  '.cm-tooltip, .cm-panels': {
    color: 'var(--text)',
    backgroundColor: 'var(--panel)',
    borderColor: 'var(--border)',
  },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selection) !important' },
});

/** Where the program is written. */
export class Editor {
  /** @type {EditorView} */ #view;
  /** @type {readonly any[]} */ #extensions;

  /**
   * @param {HTMLElement} parent
   * @param {{ onChange: () => void, onRun: () => void }} events
   */
  constructor(parent, { onChange, onRun }) {
    const run = () => {
      onRun();
      return true;
    };
    this.#extensions = [
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      basicSetup,
      cpp(),
      indentUnit.of('    '),
      lintGutter(),
      syntaxHighlighting(colours),
      theme,
      EditorView.contentAttributes.of({ 'aria-label': 'Program in C', spellcheck: 'false' }),
      EditorView.updateListener.of(({ docChanged }) => docChanged && onChange()),
    ];
    this.#view = new EditorView({ parent });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /** Another program, with a history of its own. */
  set text(doc) {
    this.#view.setState(EditorState.create({ doc, extensions: this.#extensions }));
    this.#view.scrollDOM.scrollTo(0, 0);
  }

  /**
   * Shows what the compiler has found at the places where it has, and goes to the first error.
   *
   * @param {readonly Finding[]} findings
   */
  show(findings) {
    const { state } = this.#view;
    const diagnostics = findings.map(({ line, column, severity, message }) => {
      const place = state.doc.line(Math.min(line, state.doc.lines));
      const from = place.from + indexOfByte(place.text, column - 1);
      const to = state.wordAt(from)?.to ?? Math.min(from + 1, place.to);
      return { from, to, severity, message };
    });
    this.#view.dispatch(setDiagnostics(state, diagnostics));
    const first = diagnostics.find(({ severity }) => severity === 'error');
    if (!first) return;
    this.#view.dispatch({ selection: { anchor: first.from }, scrollIntoView: true });
    this.#view.focus();
  }
}

/** Compilers count bytes, editors UTF-16 units. @param {string} text @param {number} byte */
function indexOfByte(text, byte) {
  const before = new TextEncoder().encode(text).subarray(0, byte);
  return new TextDecoder().decode(before).length;
}
