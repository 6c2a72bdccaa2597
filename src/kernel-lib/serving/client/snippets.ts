/** How others ask the service, in three languages, for its own address. */
const PICTURE = "picture.jpg";

/** Shows itself as a cell's value. */
export class Snippets {
  readonly curl: string;
  readonly python: string;
  readonly typescript: string;

  constructor(url: string, needsKey: boolean) {
    const header = needsKey ? ` \\\n  -H "Authorization: Bearer $VITRINE_KEY"` : "";
    this.curl = `curl "${url}?ADD_SOFTMAX=true"${header} \\\n  -H "Content-Type: image/jpeg" --data-binary @${PICTURE}`;
    this.python = pythonSnippet(url, needsKey);
    this.typescript = typescriptSnippet(url, needsKey);
  }

  toString(): string {
    return [`# curl`, this.curl, ``, `# Python`, this.python, ``, `// TypeScript`, this.typescript].join("\n");
  }

  [Symbol.for("Jupyter.display")](): { "text/plain": string; "text/markdown": string } {
    const block = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\``;
    const markdown = [block("sh", this.curl), block("python", this.python), block("ts", this.typescript)].join("\n\n");
    return { "text/plain": this.toString(), "text/markdown": markdown };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const pythonSnippet = (url: string, needsKey: boolean) => `import base64, json, os, urllib.request

with open("${PICTURE}", "rb") as file:
    picture = base64.b64encode(file.read()).decode()
request = urllib.request.Request(
    "${url}",
    data=json.dumps([{"image_in_base64": picture, "parameters": {"ADD_SOFTMAX": True}}]).encode(),
    headers={"Content-Type": "application/json"${needsKey ? `, "Authorization": "Bearer " + os.environ["VITRINE_KEY"]` : ""}},
)
with urllib.request.urlopen(request) as answer:
    print(json.loads(json.load(answer)[0]))`;

const typescriptSnippet = (url: string, needsKey: boolean) => `import { readFile } from "node:fs/promises";

const answer = await fetch("${url}?ADD_SOFTMAX=true", {
  method: "POST",
  headers: { "content-type": "image/jpeg"${needsKey ? `, authorization: \`Bearer \${process.env.VITRINE_KEY}\`` : ""} },
  body: await readFile("${PICTURE}"),
});
const [result] = (await answer.json()) as string[];
console.log(JSON.parse(result));`;
