import { main } from './program.mjs'
Error.stackTraceLimit = 50
console.log(JSON.stringify(await main()))
