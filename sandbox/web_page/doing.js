// What somebody does on the page, and what follows from it there.

import { isReply } from "./messages.js";
import { confirm as confirmed } from "./modals.js";
import { act as actAs } from "./server.js";
import { escaped } from "./words.js";

/** Everything a person can do. */
export function doing(page) {
  const act = async (verb, args, { quietly = false } = {}) => {
    const person = page.me;
    const answer = await actAs(person, verb, args);
    if (!answer.ok && !quietly) page.notice(answer.error);
    if (person === page.me) await page.refresh();
    return answer;
  };

  /** Say something; a question to the bot opens its thread, where the answer will be. */
  const say = async (channel, text, root, { broadcast = false } = {}) => {
    const isQuestion = !root && (channel.kind === "im" || text.includes(`<@${page.state.bot.id}>`));
    const sent = await page.act("says", { text, channel: channel.id, thread_ts: root, broadcast });
    const ts = sent.result?.message?.ts;
    if (sent.ok && isQuestion && ts)
      page.go(
        { channel: channel.id, thread: ts },
        page.isPhone() ? null : document.activeElement?.id === "message-box" ? "message-box" : "reply-box",
      );
    return sent;
  };

  /** Ask a suggested question. */
  const ask = (channel, message) => {
    const text = escaped(message);
    page.go({ channel: channel.id });
    return page.say(channel, channel.kind === "im" ? text : `<@${page.state.bot.id}> ${text}`, null);
  };

  const confirm = (question) => confirmed(question, page.names);

  const edit = (message, inThread = null) => {
    page.editing = message && { ts: message.ts, inThread };
    page.draw();
  };

  const editLast = (channel, root) => {
    const mine = channel.messages.filter(
      (message) =>
        message.user === page.me &&
        !message.ephemeral_to &&
        (root ? message.ts === root || message.thread_ts === root : !isReply(message)),
    );
    if (mine.length) page.edit(mine.at(-1), root);
    return mine.length > 0;
  };

  const toggleDrawer = () => {
    page.drawer.open = !page.drawer.open;
    page.draw();
    document.getElementById(page.drawer.open ? "drawer-title" : "drawer-button").focus();
  };

  const closeView = async (view) => {
    page.closing.add(view);
    page.fieldErrors.delete(view);
    page.draw();
    const answer = await page.act("closes", { view_id: view });
    if (!answer.ok) page.closing.delete(view);
  };

  const refuseFields = (view, errors) => {
    page.fieldErrors.set(view, errors);
    page.draw();
    document.querySelector("dialog.modal [aria-invalid=true], dialog.modal .field-error")?.focus();
  };

  const submitView = async (view, values) => {
    if (page.submitting.has(view)) return;
    page.submitting.add(view);
    page.fieldErrors.delete(view);
    page.draw();
    const answer = await page.act("submits", { view_id: view, values });
    page.submitting.delete(view);
    const errors = answer.result?.errors ?? {};
    if (Object.keys(errors).length) page.refuseFields(view, errors);
    else page.draw();
  };

  return { act, say, ask, confirm, edit, editLast, toggleDrawer, closeView, refuseFields, submitView };
}
