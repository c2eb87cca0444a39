import * as fs from 'node:fs'
import http from 'node:http'
import * as api from '@opentelemetry/api'
import express from 'express'
import fastify from 'fastify'
import * as undici from 'undici'
import { run } from './application.mjs'

await run({ api, express, fastify, fs, http, undici })
