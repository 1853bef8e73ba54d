// The sandbox behind the page: what somebody sees there, what they do, and what has happened.

/** What that person sees, whole. Raises when the sandbox cannot be reached or does not know them. */
export const stateOf = (user) => json(`/web/state?user=${encodeURIComponent(user)}`);

/** What has happened after entry `after`, the oldest first. */
export const recordAfter = async (after) => (await json(`/web/record?after=${after}`)).entries;

/** Do something as that person; what the sandbox answers, or `{ok: false, error}` in words they can read. */
export async function act(user, verb, args) {
  try {
    const answer = await fetch("/web/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user, verb, args }),
    });
    return await answer.json();
  } catch {
    return { ok: false, error: "The sandbox cannot be reached. Is it still running?" };
  }
}

/** Call `changed` whenever there is something new for that person, `reached` with whether the sandbox is there.
 * Returns how to end it. */
export function listen(user, { changed, reached }) {
  let source, again;
  const connect = () => {
    source = new EventSource(`/web/updates?user=${encodeURIComponent(user)}`);
    source.addEventListener("changed", (event) => changed(JSON.parse(event.data)));
    source.onopen = () => reached(true);
    source.onerror = () => {
      reached(false);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, 2000);
    };
  };
  connect();
  return () => {
    clearTimeout(again);
    source.close();
  };
}

async function json(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return answer.json();
}
