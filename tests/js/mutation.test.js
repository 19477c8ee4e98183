// The mutator of tests/mutation: what it takes for a token, and what it changes.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placesOfAssembly } from '../mutation/assembly.js';
import { closingOf, tokensOf } from '../mutation/lexer.js';
import { drawMutants, groups, mutantAt } from '../mutation/mutants.js';
import { placesOf } from '../mutation/operators.js';
import { score, summary } from '../mutation/report.js';

/** @import { Result } from '../mutation/report.js' */

/** @param {string} source */
const texts = (source) => tokensOf(source).map(({ text }) => text);

/** What a source can become, one change each. @param {string} source */
function changesOf(source) {
  return placesOf(source).flatMap((place) =>
    place.texts.map((text) => `${source.slice(0, place.start)}${text}${source.slice(place.end)}`),
  );
}

/** What the body of a function can become. @param {string} body */
function bodiesOf(body) {
  return changesOf(`void f(void) {${body}}`).map((source) => source.slice('void f(void) {'.length, -1));
}

describe('the lexer', () => {
  it('takes the longest mark', () => {
    assert.deepEqual(texts('a<<=b>>c->d++ +e<=f'), 'a <<= b >> c -> d ++ + e <= f'.split(' '));
  });

  it('takes numbers with their suffixes, and text as one', () => {
    assert.deepEqual(texts('0x1fULL + 1.5e-3 + "a\\"b + c" + \'\\\'\''), [
      '0x1fULL',
      '+',
      '1.5e-3',
      '+',
      '"a\\"b + c"',
      '+',
      "'\\''",
    ]);
  });

  it('leaves out comments and directives, with the lines that continue them', () => {
    assert.deepEqual(texts('a // b + 1\n/* c\n + d */ e\n#define F(x) \\\n    ((x) + 1)\n  # if 2 > 1\nf'), [
      'a',
      'e',
      'f',
    ]);
  });

  it('knows how deep a token is, and where a bracket closes', () => {
    const tokens = tokensOf('int f(void) { if (a(b[1])) { c; } }');
    assert.equal(tokens.find(({ text }) => text === 'c')?.depth, 2);
    assert.equal(tokens[0].depth, 0);
    const open = tokens.findIndex(({ text }) => text === 'a') + 1;
    assert.deepEqual(
      [tokens[closingOf(tokens, open)].text, tokens[closingOf(tokens, open) + 1].text],
      [')', ')'],
    );
  });
});

describe('a change', () => {
  it('swaps comparisons, logic and arithmetic', () => {
    assert.deepEqual(changesOf('x = a < b'), ['x = a <= b', 'x = a >= b', 'x = a == b']);
    assert.deepEqual(changesOf('x = a == b'), ['x = a != b']);
    assert.deepEqual(changesOf('x = a && !b'), ['x = a || !b', 'x = a && b']);
    assert.deepEqual(changesOf('x = a + b'), ['x = a - b']);
    assert.deepEqual(changesOf('x += a'), ['x -= a', 'x = a']);
    assert.deepEqual(changesOf('x++'), ['x--']);
  });

  it('tells an operator from a sign, an address and a pointer', () => {
    assert.deepEqual(changesOf('x = -a'), ['x = a']);
    assert.deepEqual(changesOf('x = &a'), []);
    assert.deepEqual(changesOf('pair_t *x; char *y; f((void *)a)'), []);
    assert.deepEqual(changesOf('x = a & b'), ['x = a | b']);
  });

  it('moves a number by one, and keeps its suffix', () => {
    assert.deepEqual(changesOf('x = 0'), ['x = 1']);
    assert.deepEqual(changesOf('x = 8u'), ['x = 9u', 'x = 7u']);
    assert.deepEqual(changesOf('x = 0x10'), ['x = 17', 'x = 15']);
    assert.deepEqual(changesOf('x = 1.5'), []);
  });

  it('negates a whole condition', () => {
    assert.ok(bodiesOf('if (a || b(c)) d;').includes('if (!( a || b ( c ) )) d;'));
  });

  it('drops a call or an assignment, but no declaration', () => {
    assert.deepEqual(bodiesOf('a_t b; c_t *d; e(d);'), ['a_t b; c_t *d; ;']);
    assert.deepEqual(bodiesOf('a->b = c;'), [';']);
    assert.deepEqual(bodiesOf('(void)a(b);'), [';']);
    assert.deepEqual(bodiesOf('*a = b;'), [';']);
  });

  it('returns something else', () => {
    assert.deepEqual(bodiesOf('return a;'), ['return 0;']);
    assert.deepEqual(bodiesOf('return;'), [';']);
    assert.deepEqual(bodiesOf('return GREENLET_ENOMEM;'), ['return GREENLET_EFAILED;']);
    assert.deepEqual(bodiesOf('return 0;'), ['return 1;']);
  });

  it('leaves jumps out, and loops once', () => {
    assert.deepEqual(bodiesOf('break;'), ['continue;', ';']);
    assert.ok(bodiesOf('while (a) b;').includes('if (a) b;'));
    assert.ok(bodiesOf('if (a) b; else c;').includes('if (a) b;  c;'));
  });

  it('does not touch what makes no difference to a program', () => {
    assert.deepEqual(changesOf('__attribute__((aligned(16))) x'), []);
    assert.deepEqual(bodiesOf('assert(a > 0 && "text"); // 1 + 1'), []);
    assert.deepEqual(changesOf('#define X 1\n#if A > 1 && \\\n B\n'), []);
    assert.deepEqual(changesOf('f("1 < 2", \'0\')'), []);
  });

  it('of assembly replaces instructions, and no directive', () => {
    const source = 'f:\n    .cfi_startproc\n    movq %rsp, (%rdi) // 1\n1:  jnz 3f\n    ret\n';
    const found = placesOfAssembly(source).map(({ start, end, texts: all }) => [
      source.slice(start, end),
      ...all,
    ]);
    assert.deepEqual(found, [
      ['movq %rsp, (%rdi)', 'nop'],
      ['jnz 3f', 'jz 3f'],
    ]);
  });
});

describe('a mutant', () => {
  const source = 'int f(int a) {\n    b();\n    return a <\n           2;\n}\n';

  it('says where it is, and moves no line', () => {
    const start = source.indexOf('a <');
    const place = { operator: 'result', start, end: source.indexOf(';', start), texts: [] };
    const { text, ...rest } = mutantAt('src/x.c', source, place, '0');
    assert.equal(text, 'int f(int a) {\n    b();\n    return 0\n;\n}\n');
    assert.deepEqual(rest, {
      file: 'src/x.c',
      line: 3,
      within: 'f',
      operator: 'result',
      before: 'return a < 2;',
      after: 'return 0;',
    });
  });

  it('is the same for the same seed, and drawn once', () => {
    const draw = (/** @type {number} */ seed) =>
      drawMutants(groups.backends, seed).map(({ text: _, ...rest }) => rest);
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.equal(new Set(drawMutants(groups.backends, 1).map(({ text }) => text)).size, draw(1).length);
  });
});

describe('the score', () => {
  const place = { file: 'a', line: 1, within: 'f', operator: 'o', before: 'x', after: 'y' };
  /** @type {Result[]} */
  const results = ['killed', 'killed', 'killed', 'survived', 'equivalent', 'invalid'].map((fate) => ({
    ...place,
    fate: /** @type {Result['fate']} */ (fate),
  }));

  it('is of those that count', () => {
    assert.equal(score(results), 0.75);
    assert.match(summary(results), /^3 of 4 killed \(75.0 %\), 1 survived, 0 .*; 1 others are equivalent$/);
  });
});
