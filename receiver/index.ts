/**
 * Many processes publish to it, one store keeps it. `server.ts` listens, `app.ts` says what is answered; who comes is told by `access.ts`.
 * What is published goes, unpacked and unread (`body.ts`), to a thread of its own (`store-client.ts`, `store-thread.ts`), where it is read
 * (`ingest.ts`: ours by `span-reader.ts`, OpenTelemetry's by `otlp-batches.ts`) and written (`group-commit.ts`); it is acknowledged when it is
 * committed. Questions (`api/routes.ts`) go to a second such thread.
 */
export { ADMIN } from './access.ts'
export { type Receiver, type ReceiverOptions, startReceiver } from './server.ts'
