// One HTTP exchange, with a time limit and without surprises: no redirects, no error for a status.

/** What is sent. */
export interface ApiRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Seconds for the whole exchange. */
  timeout: number;
}

/** What came back, whatever its status. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** No whole answer came. Whether the request was carried out is not known. */
export class LostAnswerError extends Error {
  constructor(
    reason: string,
    /** Whether another attempt would end the same way: the certificate is not to be trusted. */
    readonly isPermanent = false,
  ) {
    super(reason);
  }
}

/** Sends the request once. A redirect is not followed: it would carry the key to another machine. */
export async function send(request: ApiRequest): Promise<ApiAnswer> {
  const { method, url, headers, body, timeout } = request;
  try {
    const signal = AbortSignal.timeout(timeout * 1000);
    const answer = await fetch(url, { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  } catch (failure) {
    const cause = (failure as { cause?: { code?: string; message?: string } }).cause;
    const code = cause?.code ?? "";
    throw new LostAnswerError(cause?.message || String(failure), /CERT|SELF_SIGNED|UNABLE_TO_/.test(code));
  }
}
