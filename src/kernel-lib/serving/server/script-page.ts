/** A page to try an entry script with: type what goes in, see what comes out. Nothing is loaded from elsewhere. */
import { createHash } from "node:crypto";

const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
label{display:block;margin:.8rem 0}input,textarea{font:inherit}textarea{display:block;width:100%;min-height:8rem;font-family:monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere}[role=alert]{color:#c22;color:light-dark(#b11,#f88)}`;

const SCRIPT = `const form = document.querySelector("form"), out = document.querySelector("output");
const show = (text, wrong) => { const pre = document.createElement("pre"); if (wrong) pre.setAttribute("role", "alert"); pre.textContent = text; out.replaceChildren(pre); };
form.addEventListener("submit", async (event) => { event.preventDefault(); out.textContent = "…";
  try { const headers = { "content-type": "application/json" }; if (form.key && form.key.value) headers.authorization = "Bearer " + form.key.value;
    const started = performance.now();
    const answer = await fetch("score", { method: "POST", headers, body: form.input.value });
    const text = await answer.text(); if (!answer.ok) return show(JSON.parse(text).error.message, true);
    show(text); const p = document.createElement("p"); p.textContent = Math.round(performance.now() - started) + " ms"; out.append(p);
  } catch (error) { show(String(error), true); } });`;

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const scriptPage = {
  contentSecurityPolicy: `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; connect-src 'self'; form-action 'none'; frame-ancestors 'none'`,
  html: (name: string, key: boolean): string => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escape(name)}</title><style>${STYLE}</style>
<h1>${escape(name)}</h1><form><label>What goes in, as JSON <textarea name="input" spellcheck="false" required></textarea></label>
${key ? '<label>A key <input type="password" name="key" autocomplete="off" required size="50"></label>' : ""}
<p><button>Run</button></p></form><output aria-live="polite"></output>
<p><a href="openapi.json">openapi.json</a> · <a href="health">health</a></p><script>${SCRIPT}</script></html>`,
};
