import type { Node } from './parse.ts'

/**
 * What is below a node: a function for each type of node, written by hand, since this is where most of the time goes. To read
 * properties by names from a list takes about three times as long. `test/transformer/children.test.ts` holds the
 * table against the parser's own list of children.
 */
type Visit = (child: Node) => void

type Children<Type extends Node['type']> = (node: Extract<Node, { type: Type }>, visit: Visit) => void

function each(nodes: readonly (Node | null)[] | undefined, visit: Visit): void {
  if (nodes === undefined) return
  for (let i = 0; i < nodes.length; i++) if (nodes[i]) visit(nodes[i] as Node)
}

function maybe(node: Node | null | undefined, visit: Visit): void {
  if (node) visit(node)
}

const argument = (node: { readonly argument: Node | null }, visit: Visit): void => maybe(node.argument, visit)
const expression = (node: { readonly expression: Node }, visit: Visit): void => visit(node.expression)
const label = (node: { readonly label: Node | null }, visit: Visit): void => maybe(node.label, visit)
const name = (node: { readonly name: Node }, visit: Visit): void => visit(node.name)

const body = (node: { readonly body: readonly Node[] }, visit: Visit): void => each(node.body, visit)

function sides(node: { readonly left: Node; readonly right: Node }, visit: Visit): void {
  visit(node.left)
  visit(node.right)
}

function idAndBody(node: { readonly id: Node; readonly body?: Node | null }, visit: Visit): void {
  visit(node.id)
  maybe(node.body, visit)
}

function branches(node: { test: Node; consequent: Node; alternate: Node | null }, visit: Visit): void {
  visit(node.test)
  visit(node.consequent)
  maybe(node.alternate, visit)
}

function call(node: { readonly callee: Node; readonly arguments: readonly Node[] }, visit: Visit): void {
  visit(node.callee)
  each(node.arguments, visit)
}

function classParts(
  node: { decorators: readonly Node[]; id: Node | null; superClass: Node | null; body: Node },
  visit: Visit,
): void {
  each(node.decorators, visit)
  maybe(node.id, visit)
  maybe(node.superClass, visit)
  visit(node.body)
}

function functionParts(
  node: { readonly id: Node | null; readonly params: readonly Node[]; readonly body?: Node | null },
  visit: Visit,
): void {
  maybe(node.id, visit)
  each(node.params, visit)
  maybe(node.body, visit)
}

function keyAndValue(node: { readonly key: Node; readonly value: Node | null }, visit: Visit): void {
  visit(node.key)
  maybe(node.value, visit)
}

type Decorated = { readonly decorators?: readonly Node[] }

function member(node: Decorated & { readonly key: Node; readonly value: Node | null }, visit: Visit): void {
  each(node.decorators, visit)
  visit(node.key)
  maybe(node.value, visit)
}

function abstractMember(node: Decorated & { readonly key: Node }, visit: Visit): void {
  each(node.decorators, visit)
  visit(node.key)
}

function loopOver(node: { readonly left: Node; readonly right: Node; readonly body: Node }, visit: Visit): void {
  visit(node.left)
  visit(node.right)
  visit(node.body)
}

const TABLE: { readonly [Type in Node['type']]?: Children<Type> } = {
  AccessorProperty: member,
  ArrayExpression: (node, visit) => each(node.elements, visit),
  ArrayPattern(node, visit) {
    each(node.decorators, visit)
    each(node.elements, visit)
  },
  ArrowFunctionExpression(node, visit) {
    each(node.params, visit)
    visit(node.body)
  },
  AssignmentExpression: sides,
  AssignmentPattern(node, visit) {
    each(node.decorators, visit)
    sides(node, visit)
  },
  AwaitExpression: argument,
  BinaryExpression: sides,
  BlockStatement: body,
  BreakStatement: label,
  CallExpression: call,
  CatchClause(node, visit) {
    maybe(node.param, visit)
    visit(node.body)
  },
  ChainExpression: expression,
  ClassBody: body,
  ClassDeclaration: classParts,
  ClassExpression: classParts,
  ConditionalExpression: branches,
  ContinueStatement: label,
  Decorator: expression,
  DoWhileStatement(node, visit) {
    visit(node.body)
    visit(node.test)
  },
  ExportAllDeclaration(node, visit) {
    maybe(node.exported, visit)
    visit(node.source)
    each(node.attributes, visit)
  },
  ExportDefaultDeclaration: (node, visit) => visit(node.declaration),
  ExportNamedDeclaration(node, visit) {
    maybe(node.declaration, visit)
    each(node.specifiers, visit)
    maybe(node.source, visit)
    each(node.attributes, visit)
  },
  ExportSpecifier(node, visit) {
    visit(node.local)
    visit(node.exported)
  },
  ExpressionStatement: expression,
  ForInStatement: loopOver,
  ForOfStatement: loopOver,
  ForStatement(node, visit) {
    maybe(node.init, visit)
    maybe(node.test, visit)
    maybe(node.update, visit)
    visit(node.body)
  },
  FunctionDeclaration: functionParts,
  FunctionExpression: functionParts,
  Identifier: (node, visit) => each(node.decorators, visit),
  IfStatement: branches,
  ImportAttribute: keyAndValue,
  ImportDeclaration(node, visit) {
    each(node.specifiers, visit)
    visit(node.source)
    each(node.attributes, visit)
  },
  ImportDefaultSpecifier: (node, visit) => visit(node.local),
  ImportExpression(node, visit) {
    visit(node.source)
    maybe(node.options, visit)
  },
  ImportNamespaceSpecifier: (node, visit) => visit(node.local),
  ImportSpecifier(node, visit) {
    visit(node.imported)
    visit(node.local)
  },
  LabeledStatement(node, visit) {
    visit(node.label)
    visit(node.body)
  },
  LogicalExpression: sides,
  MemberExpression(node, visit) {
    visit(node.object)
    visit(node.property)
  },
  MetaProperty(node, visit) {
    visit(node.meta)
    visit(node.property)
  },
  MethodDefinition: member,
  NewExpression: call,
  ObjectExpression: (node, visit) => each(node.properties, visit),
  ObjectPattern(node, visit) {
    each(node.decorators, visit)
    each(node.properties, visit)
  },
  ParenthesizedExpression: expression,
  Program: body,
  Property: keyAndValue,
  PropertyDefinition: member,
  RestElement(node, visit) {
    each(node.decorators, visit)
    visit(node.argument)
  },
  ReturnStatement: argument,
  SequenceExpression: (node, visit) => each(node.expressions, visit),
  SpreadElement: argument,
  StaticBlock: body,
  SwitchCase(node, visit) {
    maybe(node.test, visit)
    each(node.consequent, visit)
  },
  SwitchStatement(node, visit) {
    visit(node.discriminant)
    each(node.cases, visit)
  },
  TaggedTemplateExpression(node, visit) {
    visit(node.tag)
    visit(node.quasi)
  },
  TemplateLiteral(node, visit) {
    each(node.quasis, visit)
    each(node.expressions, visit)
  },
  ThrowStatement: argument,
  TryStatement(node, visit) {
    visit(node.block)
    maybe(node.handler, visit)
    maybe(node.finalizer, visit)
  },
  UnaryExpression: argument,
  UpdateExpression: argument,
  V8IntrinsicExpression(node, visit) {
    visit(node.name)
    each(node.arguments, visit)
  },
  VariableDeclaration: (node, visit) => each(node.declarations, visit),
  VariableDeclarator(node, visit) {
    visit(node.id)
    maybe(node.init, visit)
  },
  WhileStatement(node, visit) {
    visit(node.test)
    visit(node.body)
  },
  WithStatement(node, visit) {
    visit(node.object)
    visit(node.body)
  },
  YieldExpression: argument,
  JSXAttribute(node, visit) {
    visit(node.name)
    maybe(node.value, visit)
  },
  JSXClosingElement: name,
  JSXElement(node, visit) {
    visit(node.openingElement)
    each(node.children, visit)
    maybe(node.closingElement, visit)
  },
  JSXExpressionContainer: expression,
  JSXFragment(node, visit) {
    visit(node.openingFragment)
    each(node.children, visit)
    visit(node.closingFragment)
  },
  JSXMemberExpression(node, visit) {
    visit(node.object)
    visit(node.property)
  },
  JSXNamespacedName(node, visit) {
    visit(node.namespace)
    visit(node.name)
  },
  JSXOpeningElement(node, visit) {
    visit(node.name)
    each(node.attributes, visit)
  },
  JSXSpreadAttribute: argument,
  JSXSpreadChild: expression,
  // TypeScript's nodes that hold code that runs; all others are types.
  TSAbstractAccessorProperty: abstractMember,
  TSAbstractMethodDefinition: keyAndValue,
  TSAbstractPropertyDefinition: abstractMember,
  TSAsExpression: expression,
  TSDeclareFunction: functionParts,
  TSEmptyBodyFunctionExpression: functionParts,
  TSEnumBody: (node, visit) => each(node.members, visit),
  TSEnumDeclaration: idAndBody,
  TSEnumMember(node, visit) {
    visit(node.id)
    maybe(node.initializer, visit)
  },
  TSExportAssignment: expression,
  TSInstantiationExpression: expression,
  TSModuleBlock: body,
  TSModuleDeclaration: idAndBody,
  TSNonNullExpression: expression,
  TSParameterProperty(node, visit) {
    each(node.decorators, visit)
    visit(node.parameter)
  },
  TSSatisfiesExpression: expression,
  TSTypeAssertion: expression,
}

// A map finds a type whatever kind of string it is: those in the parser's JSON are not unique ones.
const CHILDREN = new Map(Object.entries(TABLE) as [string, (node: Node, visit: Visit) => void][])

/** Calls `visit` with each child of the node that is code that runs, in the order of the source. */
export function eachChild(node: Node, visit: Visit): void {
  CHILDREN.get(node.type)?.(node, visit)
}

/** Calls `enter` with the node and everything below it, and goes no further down where that returns false. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  const visit = (each: Node): void => {
    if (enter(each) !== false) eachChild(each, visit)
  }
  visit(node)
}
