// The page: what somebody sees, drawn anew whenever anything has changed.

import { conversation, thread } from "./conversation.js";
import { doing } from "./doing.js";
import { h, patch, unseen } from "./dom.js";
import { drawer } from "./drawer.js";
import { icon } from "./icons.js";
import { closeStale, modals } from "./modals.js";
import { inAddress, places } from "./places.js";
import { reading, recall, remember } from "./reading.js";
import { listen, recordAfter, stateOf } from "./server.js";
import { sidebar } from "./sidebar.js";
import { tour } from "./tour.js";

const FIRST_PERSON = "U0ALICE";
const NOTICES = 3;
const AGAIN = 2000; // milliseconds until a sandbox that did not answer is asked once more

const page = {
  me: "",
  state: null, // what this person sees, as the sandbox tells it
  place: {}, // where they are: {channel, thread}, {home} or {list}
  record: [],
  names: null,
  notices: [],
  drafts: new Map(),
  pressed: new Map(), // the side of each pair of feedback buttons
  completing: null,
  editing: null,
  drawer: { open: false, shown: null, unfolded: new Set() },
  closing: new Set(), // windows, as are the next two
  submitting: new Set(),
  fieldErrors: new Map(),
};
Object.assign(page, places(page), reading(page), doing(page), { draw, notice, refresh });

let isReachable = true;
let lastError = 0;
let stopListening = () => {};

// -- what is shown

function draw() {
  if (!page.state) return;
  const channel = page.channel();
  const root = page.place.thread;
  const screen = page.place.list ? "list" : root ? "thread" : "conversation";
  const shown = modals(page);
  const node = document.getElementById("page");
  closeStale(shown?.props["data-view"]);
  node.className = `page screen-${screen}${root ? " has-thread" : ""}${page.drawer.open ? " has-drawer" : ""}`;
  patch(node, [
    h(
      "section",
      { class: "side", key: "side", role: page.isPhone() ? "main" : "complementary", "aria-label": "Workspace" },
      sidebar(page),
    ),
    h(
      "div",
      { class: "middle", key: `middle-${page.me}-${page.place.home ? "home" : channel.id}` },
      connection(),
      conversation(page, channel),
    ),
    root && thread(page, channel, root),
    tour(page),
    drawer(page),
    shown,
  ]);
  patch(document.getElementById("notices"), page.notices.map(noticed));
  patch(document.getElementById("where-it-goes"), whereItGoes());
  const where = page.place.home ? "Home" : channel.kind === "im" ? page.state.bot.name : `#${channel.name}`;
  document.title = `${where} – ${page.state.workspace}, a sandbox`;
}

function connection() {
  const { bot, connected } = page.state;
  const lost = !isReachable && "Connection lost. What you see may be old; trying again…";
  const text = lost || (!connected && `${bot.name} is not connected to this Slack at the moment.`);
  return h("div", { role: "status", class: "connection", key: "connection" }, text && [icon("warning"), text]);
}

const whereItGoes = () =>
  page.state.sends_to
    ? `It runs on this machine, but what you ask is sent to ${page.state.sends_to} too.`
    : "It runs on this machine, and nothing you write leaves it.";

function noticed({ n, text }) {
  const dismiss = () => {
    page.notices = page.notices.filter((one) => one.n !== n);
    draw();
  };
  const button = h("button", { type: "button", class: "tool", onclick: dismiss }, icon("close"), unseen("Dismiss"));
  return h("div", { class: "notice", role: "alert", key: n }, icon("warning"), h("p", {}, text), button);
}

/** Tell the person something that went wrong. */
function notice(text) {
  const n = (page.notices.at(-1)?.n ?? 0) + 1;
  page.notices = [...page.notices, { n, text }].slice(-NOTICES);
  draw();
}

// -- who somebody is, and where

/** Be the person of the address, or who was here last, or the first there is. */
async function enter() {
  stopListening();
  const wanted = inAddress()[0] || recall("person") || FIRST_PERSON;
  const state = (await stateOf(wanted).catch(() => null)) ?? (await stateOf(FIRST_PERSON).catch(() => null));
  if (!state) {
    isReachable = false;
    draw();
    return setTimeout(enter, AGAIN);
  }
  isReachable = true;
  Object.assign(page, { me: state.me, place: {}, completing: null, editing: null, closing: new Set() });
  remember("person", page.me);
  page.hearNothingOf(state);
  lastError = Math.max(0, ...state.errors.map(({ n }) => n));
  take(state);
  await takeRecord().catch(() => null);
  const [, where, root] = inAddress();
  history.replaceState(null, "", page.addressOf({ channel: where || page.firstChannel().id, thread: root }));
  keepListening();
  arrive();
}

/** The address has changed: show that place, and tell the bot if it is one of its own tabs. */
function arrive() {
  if (inAddress()[0] !== page.me) return enter();
  const before = page.place;
  page.place = page.placeNamed();
  draw();
  const tab = page.tabOf(page.place);
  if (tab && tab !== page.tabOf(before)) page.act("opens", { tab }, { quietly: true });
  page.settle(before);
  page.markRead();
}

// -- keeping up to date

/** A page that nobody sees lets go of its connection: browsers hold six at most to one place. */
function keepListening() {
  stopListening();
  const isSeen = page.state && document.visibilityState === "visible";
  stopListening = isSeen ? listen(page.me, { changed: refresh, reached }) : () => {};
}

function reached(isThere) {
  if (isThere === isReachable) return;
  isReachable = isThere;
  if (isThere) page.record = []; // it may be another sandbox by now, which counts from one again
  draw();
  if (isThere) refresh();
}

let refreshing = null;
let again = null;

/** Fetch what there is to see; resolves once the page shows all that had happened before the call. */
function refresh() {
  if (!refreshing) {
    refreshing = fetched().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }
  again ??= refreshing.then(() => {
    again = null;
    return refresh();
  });
  return again;
}

async function fetched() {
  const person = page.me;
  try {
    const [state] = await Promise.all([stateOf(person), takeRecord()]);
    if (person === page.me) take(state);
  } catch {
    // the connection says so itself, and the next change fetches again
  }
  draw();
  page.markRead();
}

function take(state) {
  page.state = state;
  page.names = namesIn(state);
  if (page.place.channel && inAddress()[0] === state.me) page.place = page.placeNamed();
  for (const { text } of state.errors.filter(({ n }) => n > lastError)) notice(text);
  lastError = Math.max(lastError, ...state.errors.map(({ n }) => n));
  page.announce();
}

function namesIn(state) {
  const everybody = [{ ...state.bot, real_name: state.bot.name }, ...state.people];
  const channels = state.channels.filter(({ kind }) => kind !== "im");
  return {
    me: state.me,
    people: state.people,
    everybody,
    channels,
    person: (id) => everybody.find((one) => one.id === id),
    channel: (id) => channels.find((one) => one.id === id),
    position: (id) => state.people.findIndex((one) => one.id === id),
  };
}

async function takeRecord() {
  const entries = await recordAfter(page.record.at(-1)?.n ?? 0);
  const last = page.record.at(-1)?.n ?? 0; // another fetch may have been faster
  page.record = [...page.record, ...entries.filter(({ n }) => n > last)];
}

addEventListener("hashchange", arrive);
addEventListener("pagehide", () => stopListening());
addEventListener("pageshow", (event) => event.persisted && keepListening());
document.addEventListener("visibilitychange", () => {
  keepListening();
  page.markRead();
});
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address is where somebody is
  (document.getElementById("message-box") ?? document.getElementById("conversation-title")).focus();
});
page.whenResized(draw);
enter();
