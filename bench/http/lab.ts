import { install } from './installed.ts'
install()
console.log('installed')
