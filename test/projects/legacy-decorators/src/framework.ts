export const enum Mode {
  Slow = 1,
  Fast = 2,
}

export class Base {
  readonly log: string[] = []

  constructor(name: string) {
    this.log.push(name)
  }
}

export function route(path: string): MethodDecorator {
  return (target, key) => Reflect.defineMetadata('route', path, target, key)
}
