// The story of somebody's last question, read off the record: what was delivered, acknowledged, looked up, answered.

/** The last question of that person, or null. Times are seconds; what has not happened yet is null. */
export function lastQuestion(record, me) {
  const asked = record
    .filter(({ kind }) => kind === "delivery")
    .map((entry) => questionIn(entry, me))
    .filter(Boolean);
  const question = asked.filter((one) => !one.needsThread || threadIsTheBots(record, one)).at(-1);
  return question ? { ...question, ...whatCameOfIt(record, question) } : null;
}

/** Every kind of thing that person has done so far, for a list of what there is to try. */
export function doneBy(record, me) {
  const done = new Set();
  for (const { kind, detail, name } of record) {
    const { payload } = detail ?? {};
    if (kind !== "delivery" || !payload) continue;
    const { event, actions, user, callback_id } = payload;
    if ((user?.id ?? payload.user_id ?? event?.user) !== me) continue;
    if (payload.command) done.add("command");
    if (event?.type === "app_home_opened" && event.tab === "home") done.add("home");
    if (event?.type === "message" && event.thread_ts && event.thread_ts !== event.ts) done.add("reply");
    if (payload.type === "view_submission" && payload.view?.callback_id === "reason") done.add("reason");
    if (payload.type === "message_action" || name === callback_id) done.add("shortcut");
    for (const action of actions ?? []) done.add(action.action_id);
  }
  return done;
}

function questionIn(entry, me) {
  const { payload } = entry.detail ?? {};
  if (!payload) return null;
  const { event } = payload,
    base = { at: entry.detail.attempts[0].at, entry, event_id: payload.event_id };
  if (payload.command && payload.user_id === me) {
    return {
      ...base,
      kind: "command",
      channel: payload.channel_id,
      text: `${payload.command} ${payload.text ?? ""}`.trim(),
      isPrivate: true,
    };
  }
  if (payload.type === "message_action" && payload.user?.id === me) {
    return {
      ...base,
      kind: "shortcut",
      channel: payload.channel?.id,
      text: payload.message?.text ?? "",
      isPrivate: true,
    };
  }
  const isAsked =
    event?.user === me &&
    !event.bot_id &&
    (event.type === "app_mention" ||
      (event.type === "message" && [undefined, "thread_broadcast", "file_share"].includes(event.subtype)));
  if (!isAsked) return null;
  const isDirect = event.channel_type === "im",
    inThread = Boolean(event.thread_ts) && event.thread_ts !== event.ts;
  // The bot hears everything said in its channels; a question is what mentions it, or goes on with it
  const isMention = event.type === "app_mention";
  if (!isDirect && !isMention && !inThread) return null;
  return {
    ...base,
    kind: isDirect ? "direct" : isMention ? "mention" : "thread",
    channel: event.channel,
    ts: event.ts,
    thread: event.thread_ts ?? event.ts,
    text: event.text,
    isPrivate: false,
    needsThread: !isDirect && !isMention,
  };
}

const argsOf = (entry) => entry.detail?.args ?? {};
const isAnswer = ({ kind, name, ok }) =>
  kind === "call" && ok && ["chat.postMessage", "chat.postEphemeral", "response_url"].includes(name);
const threadIsTheBots = (record, { thread, at }) =>
  record.some((entry) => entry.kind === "call" && argsOf(entry).thread_ts === thread && entry.at >= at);

function whatCameOfIt(record, question) {
  const { at, channel, kind, thread, ts } = question,
    later = record.filter((entry) => entry.kind === "call" && entry.at >= at);
  const looking = later.find(
    (entry) =>
      entry.name === "assistant.threads.setStatus" && argsOf(entry).thread_ts === thread && argsOf(entry).status,
  );
  const answer = later.find(
    (entry) => isAnswer(entry) && (question.isPrivate ? isForOne(entry) : isIn(entry, channel, thread)),
  );
  return {
    heardTwice:
      kind === "mention" &&
      record.some(({ detail }) => detail?.payload?.event?.type === "message" && detail.payload.event.ts === ts),
    acknowledged: question.entry.detail.ack_seconds ?? null,
    looking: looking ? argsOf(looking).status : null,
    answered: answer ? Math.max(0, answer.at - at) : null,
    ...evidenceIn(answer),
  };
}

const isForOne = ({ name }) => name !== "chat.postMessage";
const isIn = (entry, channel, thread) =>
  argsOf(entry).channel === channel && (argsOf(entry).thread_ts === thread || entry.name === "chat.postEphemeral");

/** How many quotes stand in an answer, and from how many pages. */
function evidenceIn(answer) {
  const sent = answer ? argsOf(answer).blocks : null,
    blocks = typeof sent === "string" ? JSON.parse(sent) : (sent ?? []);
  const quoting = blocks.filter(
    (block) => block.type === "rich_text" && block.elements.some(({ type }) => type === "rich_text_quote"),
  );
  const pages = new Set(quoting.map((block) => pageOf(block)));
  return { quotes: quoting.length, pages: pages.size };
}

function pageOf(block) {
  const runs = block.elements.flatMap(({ elements }) => elements ?? []),
    found = runs.find(({ type }) => type === "link");
  return found
    ? found.url.split("#")[0]
    : (runs.find(({ text }) => text && !/^(Sources|\[\d+\] )$/.test(text))?.text ?? "");
}
