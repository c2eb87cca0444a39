/**
 * Whether a load hook leaves CommonJS alone. Nodes before 24.18 and 26.5 give imported CommonJS, once there is such a hook, a `require` of
 * their own making: no cache, no `module.parent`, `require.main` unset, and a crash where it requires an ES module.
 */
export function hooksSpareRequire(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  if (major === 24) return minor >= 18
  if (major === 26) return minor >= 5
  return major > 24 && major !== 25
}
