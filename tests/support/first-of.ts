/** What comes of an answer without end until it is enough. */
export async function firstOf({ body }: Response, isEnough: (text: string) => boolean): Promise<string> {
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(new TextDecoderStream())) if (isEnough((text += chunk))) break;
  return text;
}
