import { type ApplicationBuilder, type HttpContext, PathString, type Predicate, type RequestDelegate } from '@windhover/core'
import { ExceptionHandlerOptions } from '@windhover/hosting'
import { errorKind, ScriptedError } from './error-kind.ts'
import { middlewareClasses, middlewareTrace } from './middleware-classes.ts'
import { type Action, operationOf, ScriptedActions } from './scripted-actions.ts'
import { defaultFilesOptions, fileServerOptions, staticFileOptions } from './static-files-steps.ts'
import type { Trace } from './trace.ts'
import { UnknownOperation } from './unknown-operation.ts'

/** A step of a pipeline: the first property names it. */
export type Step = Action

interface UseStep {
  readonly use: string
  readonly next?: number
  readonly before?: readonly Action[]
  readonly after?: readonly Action[]
  readonly catch?: readonly Action[]
}

interface ExceptionHandlerStep {
  readonly path?: string
  readonly pipeline?: readonly Step[]
  readonly allowStatusCode404Response?: boolean
  readonly problemDetails?: boolean
}

interface StatusCodePagesStep {
  readonly redirect?: string
  readonly reExecute?: string
  readonly query?: string | null
  readonly format?: string
  readonly contentType?: string
}

type AddStep = (this: PipelineInterpreter, app: ApplicationBuilder, value: never, step: Step) => void

/** Turns the steps of a case into a pipeline. */
export class PipelineInterpreter {
  readonly trace: Trace
  readonly #actions: ScriptedActions

  constructor(trace: Trace) {
    this.trace = trace
    this.#actions = new ScriptedActions(trace)
  }

  apply(app: ApplicationBuilder, steps: readonly Step[]): void {
    for (const step of steps) {
      const [name, value] = operationOf(step)
      const add = stepsByName.get(name)
      if (add === undefined) throw new UnknownOperation(name)
      add.call(this, app, value as never, step)
    }
  }

  doAsync(context: HttpContext, actions: readonly Action[] | undefined): Promise<void> {
    return this.#actions.doAsync(context, actions)
  }

  branch({ pipeline }: Step): (branch: ApplicationBuilder) => void {
    return branch => this.apply(branch, pipeline as Step[])
  }

  buildBranch(app: ApplicationBuilder, steps: readonly Step[]): RequestDelegate {
    const branch = app.new()
    this.apply(branch, steps)
    return branch.build()
  }

  use(app: ApplicationBuilder, step: UseStep): void {
    const { use: name, next: times = 1 } = step
    app.use(async (context, next) => {
      const { request, response } = context
      this.trace.add(`${name}> path=${request.path} base=${request.pathBase}`)
      try {
        await this.doAsync(context, step.before)
        for (let i = 0; i < times; i++) await next()
        await this.doAsync(context, step.after)
        this.trace.add(`<${name} path=${request.path} base=${request.pathBase} status=${response.statusCode}`)
      } catch (error) {
        this.trace.add(`!${name} ${errorKind(error)} path=${request.path} base=${request.pathBase} started=${response.hasStarted}`)
        if (step.catch === undefined) throw error
        await this.doAsync(context, step.catch)
      }
    })
  }

  predicate(condition: Action): Predicate {
    const [kind, value] = operationOf(condition)
    const wanted = value as string
    return context => {
      const isMet = conditionIsMet(context, kind, wanted)
      this.trace.add(`predicate ${kind}=${wanted} ${isMet}`)
      return isMet
    }
  }

  exceptionHandler(app: ApplicationBuilder, { path, pipeline, allowStatusCode404Response, problemDetails }: ExceptionHandlerStep): void {
    if (problemDetails) {
      app.useExceptionHandler()
      return
    }
    const options = Object.assign(new ExceptionHandlerOptions(), { allowStatusCode404Response, exceptionHandlingPath: path })
    if (pipeline !== undefined) options.exceptionHandler = this.buildBranch(app, pipeline)
    app.useExceptionHandler(options)
  }
}

const stepsByName: ReadonlyMap<string, AddStep> = new Map<string, AddStep>(
  Object.entries({
    use(app, _name, step) {
      this.use(app, step as Step & UseStep)
    },
    run(app, actions: Action[]) {
      app.run(context => this.doAsync(context, actions))
    },
    map(app, path: string, step) {
      app.map(path, this.branch(step), { preserveMatchedPathSegment: step.preserveMatchedPathSegment === true })
    },
    mapWhen(app, condition: Action, step) {
      app.mapWhen(this.predicate(condition), this.branch(step))
    },
    useWhen(app, condition: Action, step) {
      app.useWhen(this.predicate(condition), this.branch(step))
    },
    usePathBase(app, path: string) {
      app.usePathBase(path)
    },
    useExceptionHandler(app, value: ExceptionHandlerStep) {
      this.exceptionHandler(app, value)
    },
    useDeveloperExceptionPage(app) {
      app.useDeveloperExceptionPage()
    },
    useStatusCodePages(app, { redirect, reExecute, query, format, contentType = 'text/plain' }: StatusCodePagesStep) {
      if (redirect !== undefined) app.useStatusCodePagesWithRedirects(redirect)
      else if (reExecute !== undefined) app.useStatusCodePagesWithReExecute(reExecute, query ?? undefined)
      else if (format !== undefined) app.useStatusCodePages(contentType, format)
      else app.useStatusCodePages()
    },
    useMiddleware(app, name: string, step) {
      const type = middlewareClasses.get(name)
      if (type === undefined) throw new UnknownOperation(name)
      middlewareTrace.current = this.trace
      app.useMiddleware(type, ...((step.arguments as string[] | undefined) ?? []))
    },
    useHostFiltering(app) {
      app.useHostFiltering()
    },
    useDefaultFiles(app, options: never) {
      app.useDefaultFiles(defaultFilesOptions(options))
    },
    useStaticFiles(app, options: never) {
      app.useStaticFiles(
        staticFileOptions<Action>(app, options, {
          trace: event => this.trace.add(event),
          doAsync: (context, actions) => this.doAsync(context, actions),
        }),
      )
    },
    useDirectoryBrowser(app, { requestPath }: { requestPath?: string }) {
      app.useDirectoryBrowser({ requestPath })
    },
    useFileServer(app, options: never) {
      app.useFileServer(fileServerOptions(options))
    },
    factory(app, number: number) {
      app.useComponent(next => {
        this.trace.add(`factory ${number}`)
        return next
      })
    },
    buildTwice(app, steps: Step[]) {
      const builder = app.new()
      this.apply(builder, steps)
      builder.build()
      app.run(builder.build())
    },
    newBuilder(app) {
      app.properties.set('shared', 'original')
      const clone = app.new()
      this.trace.add(`clone sees ${clone.properties.get('shared')}`)
      clone.properties.set('shared', 'changed').set('own', 'added')
      this.trace.add(`original sees ${app.properties.get('shared')}, own=${app.properties.has('own')}`)
    },
  } satisfies Record<string, AddStep>),
)

function conditionIsMet({ request }: HttpContext, kind: string, wanted: string): boolean {
  switch (kind) {
    case 'query':
      return request.query.has(wanted)
    case 'path':
      return PathString.equals(request.path, PathString.fromUriComponent(wanted))
    case 'startsWith':
      return PathString.startsWithSegments(request.path, PathString.fromUriComponent(wanted)) !== undefined
    case 'header':
      return request.headers.has(wanted)
    case 'method':
      return request.method === wanted
    case 'throw':
      throw new ScriptedError(wanted)
    default:
      throw new UnknownOperation(kind)
  }
}
