import { instrument } from '../../transformer/instrument.ts'
import { describeFixtures, removeTypes } from './fixtures.ts'

describeFixtures('text', (code, options) => removeTypes(instrument(code, options).code, options.filename))
