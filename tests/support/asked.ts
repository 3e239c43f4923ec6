// Requests of the HTTP API and their answers, as journeys know them.
export interface Asked {
  readonly by?: string | null;
  readonly query?: Record<string, string>;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whatever the document says; it was compared with that. */
  readonly body: Body;
}

export interface Body {
  readonly code?: string;
  readonly errors?: { readonly pointer: string }[];
  readonly repositories?: { readonly repositoryId: string }[];
  readonly jobs?: { readonly jobId: string }[];
  readonly findings?: { readonly finding: { readonly id: string } }[];
  readonly events?: { readonly event: { readonly id: string }; readonly position: { readonly sequence: number } }[];
  readonly principals?: { readonly principalId: string }[];
  readonly keys?: { readonly keyId: string }[];
  readonly sessions?: readonly { readonly sid: string }[];
  readonly issued?: { readonly keyId: string };
  readonly commit?: string;
  readonly jobId?: string;
  readonly refreshToken?: string;
  readonly accessToken?: string;
  readonly key?: string;
  readonly digest?: string;
}
