import 'reflect-metadata'
import { span } from 'span-tree'
import { Clock } from './clock'
import { Base, Mode, route } from './framework'

class Service extends Base {
  readonly started: number = this.log.push('initialised')
  static created = 0

  constructor(private readonly clock: Clock) {
    super('service')
    Service.created++
  }

  @span({ name: 'Service.now!' })
  @route('/now')
  async now(at: Clock, mode: Mode): Promise<string> {
    await null
    return `${this.clock.time()}${at.time()}${mode}`
  }

  @route('/then')
  @span
  then2(count: number): string[] {
    return [...this.log, String(count)]
  }

  @route('/plain')
  plain(): number {
    return this.started
  }
}

@span
class Traced {
  constructor(public label: string) {
    this.check()
  }

  check(): boolean {
    return this.label.startsWith('t')
  }
}

async function main(): Promise<void> {
  const service = new Service(new Clock(1))
  console.log(await service.now(new Clock(2), Mode.Fast), service.then2(3), service.plain(), new Traced('t').check())
  for (const name of ['now', 'then2', 'plain'] as const) {
    const types = Reflect.getMetadata('design:paramtypes', service, name) as { name: string }[]
    const result = Reflect.getMetadata('design:returntype', service, name) as { name: string } | undefined
    console.log(name, Reflect.getMetadata('route', service, name), types.map(type => type.name), result?.name)
  }
}

main()
