/** The name by which a tsconfig lists this package among its plugins. */
export const PLUGIN_NAME = 'span-tree/transformer'

/** Keys of a plugin entry that are ts-patch's own. */
export const HOST_KEYS: readonly string[] = [
  ...['transform', 'name', 'type', 'import', 'tsConfig', 'resolvePathAliases'],
  ...['after', 'afterDeclarations', 'transformProgram'],
]
