import { Ber, BerWriter, type Client, Control, type MessageResponse, PagedResultsControl } from 'ldapts';
import { WritebackError } from '../../shared/errors.ts';

/*
 * Paged results (RFC 2696) that end where the cookie is absent.
 *
 * ldapts ends a paged search at the first page without entries even if the server sent a cookie with it; Windows does that for
 * filters it has to walk through, so a search would end early and entries would look deleted. Its public API shows no cookie: a
 * response control with this number is parsed into an object of its own and dropped. So the private `_send`, through which every
 * message goes, is wrapped to look at the answer, and the request carries a control of ours that ldapts does not take for its own.
 * A test fails should an update of ldapts move `_send`.
 */

type Send = (message: { controls?: Control[] }) => Promise<MessageResponse | undefined>;

/** The control of one request; after the answer, `cookie` is where the next page begins, or undefined at the end. */
export class PageControl extends Control {
  cookie: Buffer | undefined;
  readonly size: number;

  constructor(size: number, cookie: Buffer | undefined) {
    super(PagedResultsControl.type, { critical: true });
    this.size = size;
    this.cookie = cookie;
  }

  override writeControl(writer: BerWriter): void {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(this.size);
    value.writeBuffer(this.cookie ?? Buffer.alloc(0), Ber.OctetString);
    value.endSequence();
    writer.writeBuffer(value.buffer, Ber.OctetString);
  }
}

/** Lets page controls of this client receive the cookie of the answer. */
export function captureCookies(client: Client): void {
  const inner = client as unknown as { _send?: Send };
  const send = inner._send?.bind(client);
  if (send === undefined) throw new WritebackError('defect', { detail: 'ldapts has no _send any more' });
  inner._send = async (message) => {
    const control = message.controls?.find((each) => each instanceof PageControl);
    const answer = await send(message);
    if (control !== undefined) control.cookie = cookieIn(answer);
    return answer;
  };
}

function cookieIn(answer: MessageResponse | undefined): Buffer | undefined {
  const control = answer?.controls?.find((each) => each instanceof PagedResultsControl);
  const cookie = control?.value?.cookie;
  return cookie === undefined || cookie.length === 0 ? undefined : cookie;
}
