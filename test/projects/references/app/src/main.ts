import { inCents, type Price, Unit } from '../../core/out/price.js'

function shown(price: Price): string {
  return `${(price.cents / Unit.Euro).toFixed(2)} €`
}

console.log(shown(inCents(12.345)))
