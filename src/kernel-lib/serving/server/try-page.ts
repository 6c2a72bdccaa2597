/** A page to try the service with: choose a picture, see what it says. Nothing is loaded from elsewhere. */
import { createHash } from "node:crypto";

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
label{display:block;margin:.8rem 0}input{font:inherit}table{border-collapse:collapse;width:100%}td{padding:.15rem .5rem}
td:last-child{width:60%}meter{width:80%}.picture{position:relative;display:inline-block}img{display:block;max-width:100%;max-height:28rem}
.picture div{position:absolute;box-sizing:border-box;border:2px solid #56b4e9;outline:1px solid #000;font:600 12px/1.2 system-ui,sans-serif;color:#fff;text-shadow:0 0 3px #000,0 0 2px #000;white-space:nowrap}
[role=alert]{color:#c22;color:light-dark(#b11,#f88)}`;

const SCRIPT = `const form = document.querySelector("form"), out = document.querySelector("output"), image = document.querySelector("img"), place = document.querySelector(".picture");
const clear = () => place.replaceChildren(image);
const box = (name, [top, left, bottom, right]) => { const div = document.createElement("div"); const percent = (part) => 100 * part + "%";
  div.textContent = name; Object.assign(div.style, { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) }); place.append(div); };
const row = (name, score) => { const tr = document.createElement("tr"); const a = tr.insertCell(), b = tr.insertCell();
  a.textContent = name; const m = document.createElement("meter"); m.value = score; m.min = 0; m.max = 1; b.append(m, " " + score.toFixed(3)); return tr; };
const show = (result) => { const table = document.createElement("table"); clear();
  const note = document.createElement("p");
  if (Array.isArray(result)) for (const { label, score } of result.slice(0, 10)) table.append(row(label, score));
  else { const labels = result.detection_labels; const sure = labels.filter((_, i) => result.detection_scores[i] >= 0.5).length;
    const shown = sure || Math.min(3, labels.length);
    note.textContent = sure ? sure + " found with a score of 0.5 or more" : "nothing found with a score of 0.5 or more" + (shown ? "; the likeliest:" : "");
    for (let i = 0; i < shown; i++) { table.append(row(labels[i], result.detection_scores[i])); if (sure) box(labels[i], result.detection_boxes[i]); } }
  out.replaceChildren(...(note.textContent ? [note] : []), table); };
const fail = (text) => { clear(); const p = document.createElement("p"); p.setAttribute("role", "alert"); p.textContent = text; out.replaceChildren(p); };
form.picture.addEventListener("change", () => { const [file] = form.picture.files; clear(); out.textContent = ""; if (image.src) URL.revokeObjectURL(image.src); if (file) image.src = URL.createObjectURL(file); });
form.addEventListener("submit", async (event) => { event.preventDefault(); const [file] = form.picture.files; out.textContent = "…";
  try { const headers = { "content-type": "application/octet-stream" }; if (form.key && form.key.value) headers.authorization = "Bearer " + form.key.value;
    const started = performance.now();
    const answer = await fetch("score?ADD_SOFTMAX=true&top_k=100", { method: "POST", headers, body: file });
    const json = await answer.json(); if (!answer.ok) return fail(json.error.message);
    show(JSON.parse(json[0])); const p = document.createElement("p"); p.textContent = Math.round(performance.now() - started) + " ms"; out.append(p);
  } catch (error) { fail(String(error)); } });`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const tryPage = {
  contentSecurityPolicy: `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; connect-src 'self'; img-src blob:; form-action 'none'; frame-ancestors 'none'`,
  html: (name: string, key: boolean): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escape(name)}</title><style>${STYLE}</style>
<h1>${escape(name)}</h1><form><label>A picture <input type="file" name="picture" accept="image/*" required></label>
${key ? '<label>A key <input type="password" name="key" autocomplete="off" required size="50"></label>' : ""}
<p><button>Score</button></p></form><p class="picture"><img alt=""></p><output aria-live="polite"></output>
<p><a href="openapi.json">openapi.json</a> · <a href="health">health</a></p><script>${SCRIPT}</script></html>`,
};
