// The drawings of the page, each a few strokes on a field of 20 by 20.

import { h } from "./dom.js";

const STROKES = {
  arrowIn: "M16 10H5M9 5.5 4.5 10 9 14.5",
  arrowOut: "M4 10h11M11 5.5l4.5 4.5-4.5 4.5",
  back: "M12 4 6 10l6 6",
  bolt: "M11 2 4 11h5l-1 7 7-9h-5z",
  bubble: "M3 4h14v10H9l-4 3v-3H3z",
  check: "m4 10.5 4 4 8-9",
  close: "m5 5 10 10M15 5 5 15",
  compass: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM13 7l-2 4-4 2 2-4z",
  down: "m5 8 5 5 5-5",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5Zm8-2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z",
  hash: "M8 3 6.5 17M13.5 3 12 17M3.5 7.5h14M2.5 12.5h14",
  home: "m3 9 7-6 7 6v8h-5v-5H8v5H3z",
  link: "M11 4h5v5M16 4l-7 7M13 11v5H4V7h5",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  pencil: "m4 16 1-4 8-8 3 3-8 8zM12 5l3 3",
  people:
    "M7.5 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 17c0-3 2-5 5.5-5S13 14 13 17M13 3.5a3 3 0 0 1 0 5.2M15 12.5c2 .6 3 2.3 3 4.5",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 7.5h.01",
  reply: "M8 5 3 10l5 5M3 10h9a5 5 0 0 1 5 5",
  send: "M3 17 18 10 3 3v5.5L12 10l-9 1.5z",
  stop: "M5 5h10v10H5z",
  thumbDown: "M6 11V3h8l2.5 6v2H11l.5 5-2 1L6 11H3V3h3",
  thumbUp: "M6 9v8h8l2.5-6V9H11l.5-5-2-1L6 9H3v8h3",
  trash: "M4 5.5h12M8 5V3h4v2M5.5 5.5 6.5 17h7l1-11.5M8.5 8.5v5M11.5 8.5v5",
  warning: "M10 3 2 17h16zM10 8v4M10 14.5h.01",
};

/** A drawing that says nothing of its own: what it stands for is said by a label beside it. */
export const icon = (name) =>
  h(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false" },
    h("path", { d: STROKES[name] }),
  );
