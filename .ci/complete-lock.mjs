// Adds to package-lock.json the optional packages of other platforms: npm leaves them out where a mirror of the registry lacks them, and
// then refuses the lock file in `npm ci`. After an install that brought native packages: node .ci/complete-lock.mjs .
import { readFileSync, writeFileSync } from 'node:fs'

const path = `${process.argv[2]}/package-lock.json`
const lock = JSON.parse(readFileSync(path, 'utf8'))
const { packages } = lock
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const CPU = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32', 'mipsel']
function resolve(from, name) {
  let base = from
  for (;;) {
    const candidate = base ? `${base}/node_modules/${name}` : `node_modules/${name}`
    if (packages[candidate]) return candidate
    if (!base) return undefined
    base = base.includes('/node_modules/') ? base.slice(0, base.lastIndexOf('/node_modules/')) : ''
  }
}
const added = []
for (const [from, entry] of Object.entries(packages)) {
  for (const [name, spec] of Object.entries(entry.optionalDependencies ?? {})) {
    const at = resolve(from, name)
    const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(spec)
    if (at && (!exact || packages[at].version === spec)) continue
    if (!exact) {
      console.log('range', from, name, spec)
      continue
    }
    const key = at ? `${from}/node_modules/${name}` : `node_modules/${name}`
    const parts = name.split(/[/-]/)
    const os = OS.filter(o => parts.includes(o))
    const cpu = CPU.filter(c => parts.includes(c) || (c === 'arm' && parts.some(p => /^arm(v7|eabi|v6)?$/.test(p))))
    const libc =
      parts.includes('musl') || parts.some(p => /^musl/.test(p))
        ? ['musl']
        : parts.some(p => /^gnu/.test(p)) && os.includes('linux')
          ? ['glibc']
          : undefined
    if (!os.length && !cpu.length) {
      console.log('??', name, spec)
      continue
    }
    packages[key] = {
      version: spec,
      ...(cpu.length && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc }),
      optional: true,
      ...(os.length && { os }),
    }
    added.push(key + (os.length ? '' : ' (no os)'))
  }
}
const [root, ...rest] = Object.entries(packages)
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))])
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(
  added.length,
  added.filter(a => a.includes('no os')),
)
