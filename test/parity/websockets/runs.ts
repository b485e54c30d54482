import { setTimeout as delay } from 'node:timers/promises'
import type { ApplicationBuilder, HttpContext, Next } from '@windhover/core'
import { describeError } from './describe-error.ts'
import { RequestLog, RequestLogFeature } from './request-log.ts'
import { ScopeProbe } from './scope-probe.ts'
import type { Op } from './script.ts'

/**
 * The runs that the runner announced (`POST /runs/ID` with the handlers of a scenario) and what happened to their requests (`GET /runs/ID`). A request belongs to a run by its `X-Run` header.
 */
export class Runs {
  readonly #runs = new Map<string, Run>()

  mapControl(app: ApplicationBuilder): void {
    app.run(async context => {
      const id = context.request.path.slice(1)
      if (context.request.method === 'POST') {
        const body: { handlers: Record<string, Op[]> } = JSON.parse(await context.request.readAsTextAsync())
        this.#runs.set(id, new Run(body.handlers))
        return
      }
      const run = this.#runs.get(id)
      if (run === undefined) return
      const { query } = context.request
      await run.waitAsync(Number(query.get('requests')), Number(query.get('wait')))
      await context.response.writeAsJsonAsync(run)
    })
  }

  /** The outermost middleware: writes down how the request went into the pipeline and came out of it. */
  async recordAsync(context: HttpContext, next: Next): Promise<void> {
    const { request, response } = context
    const run = this.#runs.get(request.headers.get('X-Run') ?? '')
    if (run === undefined) return next()
    const log = run.begin(request.headers.get('X-Handler') ?? 'main')
    RequestLog.byTrace.set(context.traceIdentifier, log)
    context.features.set(RequestLogFeature, log)
    log.addPipeline('enter')
    response.onStarting(() => log.addPipeline('starting', { status: response.statusCode }))
    response.onCompleted(() => {
      log.addPipeline('completed')
      log.finish()
    })
    // The scope ends in a completion callback too, and these run last in, first out: this one before the one above.
    context.requestServices.getRequiredService(ScopeProbe).disposed = () => log.addPipeline('scope-disposed')
    try {
      await RequestLog.current.run(log, next)
      log.addPipeline('exit', { status: response.statusCode, started: response.hasStarted })
    } catch (error) {
      log.addPipeline('throw', describeError(error))
      throw error
    }
  }

  /** For a server that has stopped and cannot be asked any more: one JSON document per line. */
  async printAsync(grace: number): Promise<void> {
    for (const [id, run] of this.#runs) {
      if (!run.stopsHost) continue
      await run.waitAsync(0, grace)
      console.log(JSON.stringify({ run: id, requests: run }))
    }
  }
}

class Run {
  readonly #handlers: Record<string, Op[]>
  readonly #requests: RequestLog[] = []

  constructor(handlers: Record<string, Op[]>) {
    this.#handlers = handlers
  }

  get stopsHost(): boolean {
    return JSON.stringify(this.#handlers).includes('stopHost')
  }

  begin(handler: string): RequestLog {
    const log = new RequestLog(this.#handlers[handler] ?? [])
    this.#requests.push(log)
    return log
  }

  /** Waits until so many requests have come and all that came are completed. */
  async waitAsync(requests: number, limit: number): Promise<void> {
    const deadline = performance.now() + limit
    while (performance.now() < deadline) {
      if (this.#requests.length >= requests && this.#requests.every(request => request.isFinished)) return
      await delay(10)
    }
  }

  toJSON(): RequestLog[] {
    return this.#requests
  }
}
