/** Whose picture it is: title, author, terms and the page it came from, as the one who uses it has to say. */
import type { PictureRow } from "../../../kernel-lib/protocol/index.js";

export function Credit({ row }: { row: PictureRow }) {
  if (!row.credit) return null;
  const { title, author, licence, licenceUrl, page } = row.credit;
  const name = title === "" ? (author === "" ? "Source" : "Picture") : `“${title}”`;
  return (
    <p class="vt-credit vt-muted">
      <Linked text={name} address={page} />
      {author !== "" && ` by ${author}`}
      {licence !== "" && ", "}
      {licence !== "" && <Linked text={licence} address={licenceUrl} />}
    </p>
  );
}

function Linked({ text, address }: { text: string; address: string }) {
  if (address === "") return <>{text}</>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}
