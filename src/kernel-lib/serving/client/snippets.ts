/** How others ask the service, in three languages, for its own address. */

/** What is asked: a file, as what it is sent, and what is said in the address beside. */
interface Asked {
  file: string;
  type: string;
  query: string;
}

const PICTURE: Asked = { file: "picture.jpg", type: "image/jpeg", query: "?ADD_SOFTMAX=true" };
/** What an entry script takes is its author's matter. */
const INPUT: Asked = { file: "input.json", type: "application/json", query: "" };

/** Shows itself as a cell's value. */
export class Snippets {
  readonly curl: string;
  readonly python: string;
  readonly typescript: string;

  /** @param script whether an entry script gives the answers */
  constructor(url: string, needsKey: boolean, script = false) {
    const asked = script ? INPUT : PICTURE;
    const header = needsKey ? ` \\\n  -H "Authorization: Bearer $VITRINE_KEY"` : "";
    this.curl = `curl "${url}${asked.query}"${header} \\\n  -H "Content-Type: ${asked.type}" --data-binary @${asked.file}`;
    this.python = script ? pythonInput(url, needsKey) : pythonPicture(url, needsKey);
    this.typescript = typescriptSnippet(url, needsKey, script);
  }

  toString(): string {
    return [`# curl`, this.curl, ``, `# Python`, this.python, ``, `// TypeScript`, this.typescript].join("\n");
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/markdown": string } {
    const block = (title: string, language: string, text: string) =>
      `**${title}**\n\n\`\`\`${language}\n${text}\n\`\`\``;
    const blocks = [
      block("curl", "sh", this.curl),
      block("Python", "python", this.python),
      block("TypeScript", "ts", this.typescript),
    ];
    return { "text/plain": this.toString(), "text/markdown": blocks.join("\n\n") };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const pythonHeaders = (needsKey: boolean) =>
  needsKey
    ? `{
        "Content-Type": "application/json",
        "Authorization": "Bearer " + os.environ["VITRINE_KEY"],
    }`
    : `{"Content-Type": "application/json"}`;

const pythonPicture = (url: string, needsKey: boolean) => `import base64, json, os, urllib.request

with open("${PICTURE.file}", "rb") as file:
    picture = base64.b64encode(file.read()).decode()
request = urllib.request.Request(
    "${url}",
    data=json.dumps([{"image_in_base64": picture, "parameters": {"ADD_SOFTMAX": True}}]).encode(),
    headers=${pythonHeaders(needsKey)},
)
with urllib.request.urlopen(request) as answer:
    print(json.loads(json.load(answer)[0]))`;

const pythonInput = (url: string, needsKey: boolean) => `import json, os, urllib.request

with open("${INPUT.file}", "rb") as file:
    request = urllib.request.Request(
        "${url}",
        data=file.read(),
        headers=${pythonHeaders(needsKey)},
    )
with urllib.request.urlopen(request) as answer:
    print(json.load(answer))`;

const typescriptSnippet = (url: string, needsKey: boolean, script: boolean) => {
  const { file, type, query } = script ? INPUT : PICTURE;
  return `import { readFile } from "node:fs/promises";

const answer = await fetch("${url}${query}", {
  method: "POST",
  headers: { "content-type": "${type}"${needsKey ? `, authorization: \`Bearer \${process.env.VITRINE_KEY}\`` : ""} },
  body: await readFile("${file}"),
});
${script ? "console.log(await answer.json());" : "const [result] = (await answer.json()) as string[];\nconsole.log(JSON.parse(result));"}`;
};
