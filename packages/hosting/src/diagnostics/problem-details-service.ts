import { type HttpContext, Options } from '@windhover/core'
import { completeProblemDetails, type ProblemDetails } from './problem-details.ts'

/** (ASP.NET Core: ProblemDetailsOptions) */
export class ProblemDetailsOptions {
  /** Changes a problem just before it is written. */
  customizeProblemDetails?: ((problem: ProblemDetails, context: HttpContext) => void) | undefined
}

/** Writes a failed request's answer as `application/problem+json`. Added by `services.addProblemDetails()`. (ASP.NET Core: IProblemDetailsService) */
export abstract class ProblemDetailsService {
  /** Writes the problem and resolves with true; false, and nothing is written, when the client does not accept JSON. */
  abstract tryWriteAsync(context: HttpContext, problem: ProblemDetails): Promise<boolean>
}

export class DefaultProblemDetailsService extends ProblemDetailsService {
  static readonly inject: readonly [ReturnType<typeof Options.of<ProblemDetailsOptions>>] = [Options.of(ProblemDetailsOptions)]
  readonly #customize: ProblemDetailsOptions['customizeProblemDetails']

  constructor(options: Options<ProblemDetailsOptions>) {
    super()
    this.#customize = options.value.customizeProblemDetails
  }

  async tryWriteAsync(context: HttpContext, problem: ProblemDetails): Promise<boolean> {
    if (!acceptsJson(context)) return false
    const complete = completeProblemDetails(problem, context.response.statusCode)
    complete.traceId ??= context.traceIdentifier
    this.#customize?.(complete, context)
    if (complete.status !== undefined) context.response.statusCode = complete.status
    await context.response.writeAsJsonAsync(complete, 'application/problem+json')
    return true
  }
}

/** What is no media range is not looked at, and without any everything is accepted. */
const mediaRange = /^[^\s/;]+\/[^\s/;]+$/
const json = /^(?:\*\/\*|application\/(?:\*|json|problem\+json))$/i

function acceptsJson(context: HttpContext): boolean {
  const lines = context.request.headers.getAll('accept').flatMap(line => line.split(','))
  const accept = lines.map(range => range.split(';', 1)[0]!.trim()).filter(range => mediaRange.test(range))
  return accept.length === 0 || accept.some(range => json.test(range))
}
