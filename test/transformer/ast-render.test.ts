import ts from 'typescript'
import { expect, test } from 'vitest'
import { compile, run } from './ast-compile.ts'

const PLAIN = { removeComments: false, target: ts.ScriptTarget.ESNext }
const ESM = { ...PLAIN, module: ts.ModuleKind.ESNext }

/** What follows the table of sites. */
function own(code: string): string {
  return code.slice(code.indexOf('}\n', code.indexOf('$st_T()')) + 2)
}

test('a module imports what it uses, and an ES module compiled to CommonJS requires it', () => {
  const source = "import { b, type C } from './b.js'\nexport async function a(c: C) { return await b(c) }\n"
  expect(compile(source, ESM).code).toMatchInlineSnapshot(`
    "import { enterAsync as $st_enterAsync, exitAsync as $st_exitAsync, failAsync as $st_failAsync, resume as $st_resume, settle as $st_settle, sites as $st_sites, suspend as $st_suspend } from 'span-tree/abi';
    var $st_S;
    function $st_T() {
        return $st_S = $st_sites('app.ts', import.meta.url, [['a', 'function', 2, 23, { p: ['c'] }]]);
    }
    import { b } from './b.js';
    export async function a(c) {
        const $st_f = $st_enterAsync(($st_S || $st_T())[0]);
        try {
            return $st_settle($st_f, $st_resume($st_f, await $st_suspend($st_f, b(c))));
        }
        catch ($st_e) {
            throw $st_failAsync($st_f, $st_e, [c]);
        }
        finally {
            $st_exitAsync($st_f);
        }
    }
    "
  `)
  expect(compile(source, PLAIN).code.split('\n').slice(0, 9).join('\n')).toMatchInlineSnapshot(`
    ""use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.a = a;
    const { enterAsync: $st_enterAsync, exitAsync: $st_exitAsync, failAsync: $st_failAsync, resume: $st_resume, settle: $st_settle, sites: $st_sites, suspend: $st_suspend } = require('span-tree/abi');
    var $st_S;
    function $st_T() {
        return $st_S = $st_sites('app.ts', __filename, [['a', 'function', 2, 23, { p: ['c'] }]]);
    }
    const b_js_1 = require("./b.js");"
  `)
})

test('a script finds the runtime under its global symbol, or does without', () => {
  const { code } = compile('function add(a, b) { return Math.max(a + b, 0) }\n', ESM)
  expect(code).not.toContain('import')
  const add = new Function('require', 'module', `${code}; return add`) as (...args: unknown[]) => typeof Math.max
  expect(add(undefined, undefined)(1, 2)).toBe(3)
  const loaded: string[] = []
  const require = (id: string): object => ({ length: loaded.push(id) })
  const key = Symbol.for('span-tree.abi')
  const registered = Object.getOwnPropertyDescriptor(globalThis, key)
  Reflect.deleteProperty(globalThis, key)
  try {
    expect(add(require, {})(1, 2)).toBe(3)
  } finally {
    if (registered) Object.defineProperty(globalThis, key, registered)
  }
  expect(loaded).toEqual(['span-tree/abi'])
})

test('directives stay first, comments in their places', () => {
  const source = `'use client'
/* header */

export const one = x => // why
  x.y()
export function two() {
  'use strict'
  // first
  return (
    // here
    three()
  ) // behind
  // last
}
export const four = async x => // how
  x.y()
`
  const { code } = compile(source, ESM)
  expect(code.startsWith("'use client';\nimport { ")).toBe(true)
  expect(own(code)).toMatchInlineSnapshot(`
    "/* header */
    export const one = x => // why
     {
        const $st_f = $st_enter(($st_S || $st_T())[0]);
        try {
            return x.y();
        }
        catch ($st_e) {
            throw $st_fail($st_f, $st_e, [x]);
        }
        finally {
            $st_exit($st_f);
        }
    };
    export function two() {
        'use strict';
        const $st_f = $st_enter(($st_S || $st_T())[1]);
        try {
            // first
            return (
            // here
            three()); // behind
        }
        catch ($st_e) {
            throw $st_fail($st_f, $st_e);
        }
        finally {
            $st_exit($st_f);
        }
        // last
    }
    export const four = async (x) => // how
     {
        const $st_f = $st_enterAsync(($st_S || $st_T())[2]);
        try {
            return $st_settle($st_f, // how
            x.y());
        }
        catch ($st_e) {
            throw $st_failAsync($st_f, $st_e, [x]);
        }
        finally {
            $st_exitAsync($st_f);
        }
    };
    "
  `)
})

test('parameter properties and initialisers of a derived class run behind super(), inside the span', () => {
  const source = `class B extends A { x = this.y.length; constructor(readonly y: string) { check(); super(y); check() } }`
  const { code } = compile(source, { ...ESM, useDefineForClassFields: false })
  expect(own(code)).toMatchInlineSnapshot(`
    "class B extends A {
        constructor(y) {
            const $st_f = $st_enter_84dd6a83(($st_S || $st_T())[0]);
            try {
                check();
                super(y);
                this.y = y;
                this.x = this.y.length;
                check();
            }
            catch ($st_e) {
                throw $st_fail_84dd6a83($st_f, $st_e, [y]);
            }
            finally {
                $st_exit_84dd6a83($st_f);
            }
        }
    }
    "
  `)
})

test('positions hold behind a byte order mark', () => {
  const { code } = compile('\uFEFFexport function f() { return Math.random() }', ESM)
  expect(code).toContain("[['f', 'function', 1, 17]]")
  expect(code).toContain('$st_exit(')
})

test('a file of which nothing is selected is left alone', () => {
  const source = 'export const a = 1;\n'
  expect(compile(source, ESM).code).toBe(source)
})

test('helpers are imported, not emitted, under importHelpers', () => {
  const { code } = compile('export async function* f(g: () => AsyncIterable<number>) { yield* g() }', {
    ...PLAIN,
    target: ts.ScriptTarget.ES2017,
    importHelpers: true,
  })
  expect(code).toContain('const tslib_1 = require("tslib")')
  expect(code).toContain('tslib_1.__asyncDelegator(tslib_1.__asyncValues($st_delegateAsync($st_f, g())))')
})

test('JSX in every place where an expression is edited', () => {
  const source = 'export const f = async (a: any) => <b c={await a()}>{await a()}</b>'
  const factory = 'declare const h: any\n'
  const { code } = compile(factory + source, { ...PLAIN, jsx: ts.JsxEmit.React, jsxFactory: 'h' }, [], 'app.tsx')
  const h = (...args: unknown[]): unknown => args
  const f = run(`const h = ${h};${code}`)['f'] as (a: unknown) => Promise<unknown>
  return expect(f(async () => 1)).resolves.toEqual(['b', { c: 1 }, 1])
})

test('a function that another transformer has replaced is left alone as a whole, and said to be', () => {
  // Takes the block of `await` away and puts an equal one in its place, as if made anew.
  const replace: ts.TransformerFactory<ts.SourceFile> = context => sourceFile => {
    const visit = (node: ts.Node): ts.Node =>
      ts.isAwaitExpression(node)
        ? context.factory.createAwaitExpression(node.expression)
        : ts.visitEachChild(node, visit, context)
    return ts.visitEachChild(sourceFile, visit, context)
  }
  const source = 'export async function a() { return await c() }\nexport function b() { return c() }\n'
  const { code, rendering } = compile(source, ESM, [replace])
  expect(rendering.missed.map(fn => fn.site.name)).toEqual(['a'])
  expect(code).toContain('async function a() { return await c(); }')
  expect(code).toContain('$st_enter(($st_S || $st_T())[1])')
})

test('functions that another transformer has moved or changed inside are found', () => {
  const rename: ts.TransformerFactory<ts.SourceFile> = context => sourceFile => {
    const visit = (node: ts.Node): ts.Node =>
      ts.isStringLiteral(node)
        ? context.factory.createStringLiteral(`${node.text}!`)
        : ts.visitEachChild(node, visit, context)
    return ts.visitEachChild(sourceFile, visit, context)
  }
  const { code, rendering } = compile("export async function a(c) { return await c('x') }", ESM, [rename])
  expect(rendering.missed).toEqual([])
  expect(code).toContain(`await $st_suspend($st_f, c("x!"))`)
})

test('what TypeScript takes for a broken type, it prints as it would', () => {
  const block = '{\nif ((b[0] = [...b])) {\nlog(210, a);\n}\nvar v = [...a];\n}'
  const source = `function f(a, b) { switch (a) { case (a = g(1).then((async (x) => 's3'))): ${block} } }\n`
  expect(compile(source, ESM).code).toContain('enter')
})
