import {
  Catch,
  HttpException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { throwError } from 'rxjs';
import { describeFailure } from './describe-failure.js';
import { MailError } from './errors/mail-error.js';
import { problemOf, type MailProblem } from './mail-problem.js';
import { MODULE_LOGGER } from './module-logger.js';

/** Seconds after which a caller may try again. */
const RETRY_AFTER_SECONDS = '30';

/** What the responses of Express and Fastify have in common. */
interface HttpResponse {
  readonly headersSent?: boolean;
  readonly sent?: boolean;
  readonly raw?: HttpResponse;
  end?(): unknown;
  header(name: string, value: string): unknown;
  status(code: number): { send(body: unknown): unknown };
}

/**
 * Answers a `MailError` with what is safe to show: `{ statusCode, error, code,
 * message }`. Account and sender faults become the same 503 as an unreachable
 * relay, invalid messages 400, refused ones 422, time limits 504. The
 * error itself is logged. Other errors are left to other filters.
 *
 * Works in HTTP (Express, Fastify), RPC and GraphQL contexts.
 *
 * @example
 * ```ts
 * app.useGlobalFilters(new MailExceptionFilter());
 * ```
 */
@Catch(MailError)
export class MailExceptionFilter implements ExceptionFilter<MailError> {
  /** Answers in the way of the context that the error was thrown in. */
  catch(exception: MailError, host: ArgumentsHost): unknown {
    const problem = problemOf(exception);
    const level = problem.statusCode >= 500 ? 'error' : 'warn';
    MODULE_LOGGER[level](describeFailure(exception));
    switch (host.getType<string>()) {
      case 'http':
        return answer(host.switchToHttp().getResponse(), problem);
      case 'rpc':
        return throwError(() => ({ status: 'error', ...problem }));
      default:
        return graphqlError(problem);
    }
  }
}

function answer(response: HttpResponse, problem: MailProblem): void {
  const { raw = response } = response;
  if (raw.headersSent === true || response.sent === true) {
    // A response that has begun cannot tell any more.
    raw.end?.();
    return;
  }
  if (problem.statusCode === 503) {
    response.header('Retry-After', RETRY_AFTER_SECONDS);
  }
  response.status(problem.statusCode).send(problem);
}

// GraphQL reports an error that a resolver returns, with its extensions.
function graphqlError(problem: MailProblem): HttpException {
  const { statusCode, code } = problem;
  const error = new HttpException({ ...problem }, statusCode);
  return Object.assign(error, { extensions: { code, statusCode } });
}
