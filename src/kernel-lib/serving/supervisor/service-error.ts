/** What a service answers in place of scores: HTTP's status, a code for programs, a sentence for people. */
export interface ServiceErrorDetails {
  status: number;
  code: string;
  /** Which of the request's pictures, from 0. */
  index?: number | undefined;
  /** For whoever does not own the service, in place of the message. */
  publicMessage?: string | undefined;
  /** Seconds after which another try may go better. */
  retryAfter?: number;
}

export class ServiceError extends Error {
  readonly details: ServiceErrorDetails;

  constructor(message: string, details: ServiceErrorDetails) {
    super(message);
    this.details = details;
  }

  /** The same fault, of the picture at `index`. */
  at(index: number): ServiceError {
    return new ServiceError(this.message, { ...this.details, index: this.details.index ?? index });
  }
}
