/** What a drag does, and what is shown. */
import type { BoxesCommand, BoxesRow, BoxesState } from "../../../kernel-lib/protocol/index.js";
import { Button, Toolbar } from "../base/controls.js";
import type { CanvasControl } from "./box-canvas.js";
import type { BoxEditor } from "./box-editor.js";

export interface ToolBarProps {
  state: BoxesState;
  row: BoxesRow;
  editor: BoxEditor;
  control: { current: CanvasControl | undefined };
  send: (command: BoxesCommand) => void;
}

export function ToolBar({ state, row, editor, control, send }: ToolBarProps) {
  const { hand, hidden, snap, cursor } = editor;
  const draw = () => {
    editor.startCursor(control.current?.seen().centre ?? { x: 0, y: 0 });
  };
  const copies = state.previousBoxes;
  return (
    <Toolbar label="Drawing">
      <Button label="Draw" shortcut="N" pressed={cursor.value !== undefined} onPress={draw} />
      <Button local label="Grab" shortcut="G" pressed={hand.value} onPress={() => (hand.value = !hand.value)} />
      <Button local label="Hide" shortcut="H" pressed={hidden.value} onPress={() => (hidden.value = !hidden.value)} />
      <Button local label="Snap" shortcut="S" pressed={snap.value} onPress={() => (snap.value = !snap.value)} />
      <Button
        label={copies > 0 ? `Copy ${copies} from previous` : "Copy from previous"}
        shortcut="C"
        disabled={copies === 0}
        onPress={() => send({ type: "copyBoxes", id: row.id })}
      />
    </Toolbar>
  );
}
