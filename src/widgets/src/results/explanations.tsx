/** What the model can say about one picture: what it was trained on that is most like it, and where it looked. */
import { useEffect } from "preact/hooks";

import { pictureSide, type ResultsCommand, type ResultsState } from "../../../kernel-lib/protocol/index.js";
import { Checkbox } from "../base/controls.js";
import { useLive } from "../base/frame.js";
import type { PictureStore } from "../picture/picture-store.js";
import type { PictureView } from "../picture/zoom.js";

export interface ExplanationsProps {
  state: ResultsState;
  store: PictureStore;
  send: (command: ResultsCommand) => void;
}

export function Explanations({ state, store, send }: ExplanationsProps) {
  const { similarState, saliencyState } = state;
  return (
    <>
      {saliencyState !== null && (
        <Checkbox
          label={saliencyState === "busy" ? "Where the model looked (computing …)" : "Where the model looked"}
          checked={saliencyState !== "off"}
          onChange={(on) => send({ type: "saliency", on })}
        />
      )}
      {similarState !== null && (
        <Checkbox
          label={
            similarState === "busy" ? "Most similar training pictures (computing …)" : "Most similar training pictures"
          }
          checked={similarState !== "off"}
          onChange={(on) => send({ type: "similar", on })}
        />
      )}
      {state.similar.length > 0 && <Similar state={state} store={store} />}
    </>
  );
}

const SIDE = 110;

function Similar({ state, store }: Pick<ExplanationsProps, "state" | "store">) {
  const live = useLive().value;
  const side = pictureSide(SIDE * devicePixelRatio);
  const ids = state.similar.map(({ id }) => id);
  useEffect(() => {
    if (live) store.want("similar", ids, side);
  }, [store, live, side, ids.join()]);
  return (
    <ul class="vt-similar" aria-label="Most similar training pictures">
      {state.similar.map(({ id, name, labels, similarity }) => {
        const url = store.best(id, side);
        return (
          <li key={id} title={name}>
            {url ? <img src={url} alt={name} /> : <span>{name}</span>}
            {labels.join(", ") || "no label"} <span class="vt-muted">{similarity.toFixed(2)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The map over the large picture, stretched smoothly: it has a pixel for each of the network's own cells. */
export function Saliency({ state, view }: { state: ResultsState; view: PictureView }) {
  if (!state.saliency) return null;
  const { url, label } = state.saliency;
  const { picture, factor, left, top } = view;
  const style = {
    width: `${picture.width * factor}px`,
    height: `${picture.height * factor}px`,
    transform: `translate(${left}px, ${top}px)`,
  };
  return (
    <>
      <img class="vt-saliency" src={url} alt="" style={style} draggable={false} />
      <span class="vt-saliency-name">{`where it saw ${label}`}</span>
    </>
  );
}
