import * as api from '@opentelemetry/api'
import graphql from 'graphql'
import { Redis } from 'ioredis'
import pg from 'pg'
import { run } from './shop.mjs'

await run({ api, graphql, pg, Redis })
