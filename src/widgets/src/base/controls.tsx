/**
 * The controls that all widgets share. Each has a name for screen readers, works by keyboard, and is disabled while no kernel
 * answers, unless it is `local`: what it does needs none.
 */
import type { ComponentChildren } from "preact";

import { useLive } from "./frame.js";
import { Icon, type IconName } from "./icons.js";
import { useUniqueId } from "./use-unique-id.js";

interface ControlProps {
  label: string;
  disabled?: boolean | undefined;
  /** Works without a kernel. */
  local?: boolean | undefined;
}

const useDisabled = ({ disabled = false, local = false }: ControlProps): boolean => {
  const live = useLive();
  return disabled || (!local && !live.value);
};

export interface ButtonProps extends ControlProps {
  onPress: () => void;
  icon?: IconName | undefined;
  /** Shows the icon alone; the label is still its name, and its tooltip. */
  iconOnly?: boolean | undefined;
  /** For a button that stays down. */
  pressed?: boolean | undefined;
  kind?: "plain" | "primary" | "danger" | undefined;
  /** The key that does the same, shown in the tooltip: "←", say. */
  shortcut?: string | undefined;
}

export function Button(props: ButtonProps) {
  const { label, icon, iconOnly = false, kind = "plain", shortcut } = props;
  return (
    <button
      type="button"
      class={`vt-button vt-button-${kind}${iconOnly ? " vt-button-icon" : ""}`}
      disabled={useDisabled(props)}
      aria-label={iconOnly ? label : undefined}
      aria-pressed={props.pressed}
      aria-keyshortcuts={shortcut && ARIA_KEYS[shortcut]}
      title={shortcut ? `${label} (${shortcut})` : iconOnly ? label : undefined}
      onClick={props.onPress}
    >
      {icon && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </button>
  );
}

const ARIA_KEYS: { [shortcut: string]: string | undefined } = {
  "←": "ArrowLeft",
  "→": "ArrowRight",
  "↑": "ArrowUp",
  "↓": "ArrowDown",
  "Ctrl+Z": "Control+Z",
  "Ctrl+Y": "Control+Y",
};

export interface SliderProps extends ControlProps {
  value: number;
  min: number;
  max: number;
  step?: number | undefined;
  onInput: (value: number) => void;
  /** What a screen reader says for a value, and what stands beside the slider. */
  format?: ((value: number) => string) | undefined;
  hideLabel?: boolean | undefined;
}

export function Slider(props: SliderProps) {
  const { label, value, min, max, step = 1, format = String } = props;
  const id = useUniqueId();
  return (
    <div class="vt-field vt-slider">
      <label for={id} class={props.hideLabel ? "vt-visually-hidden" : "vt-label"}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={useDisabled(props) || max <= min}
        aria-valuetext={format(value)}
        onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
      />
      <output class="vt-slider-value" for={id}>
        {format(value)}
      </output>
    </div>
  );
}

export interface SelectProps extends ControlProps {
  value: string;
  options: readonly (string | { value: string; title: string })[];
  onChange: (value: string) => void;
  hideLabel?: boolean | undefined;
}

export function Select(props: SelectProps) {
  const id = useUniqueId();
  return (
    <div class="vt-field">
      <label for={id} class={props.hideLabel ? "vt-visually-hidden" : "vt-label"}>
        {props.label}
      </label>
      <select
        id={id}
        class="vt-select"
        value={props.value}
        disabled={useDisabled(props)}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        {props.options.map((option) => {
          const { value, title } = typeof option === "string" ? { value: option, title: option } : option;
          return (
            <option key={value} value={value} selected={value === props.value}>
              {title}
            </option>
          );
        })}
      </select>
    </div>
  );
}

export interface CheckboxProps extends ControlProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox(props: CheckboxProps) {
  return (
    <label class="vt-checkbox">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={useDisabled(props)}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.label}</span>
    </label>
  );
}

/** Controls that belong together, in one line that wraps. */
export function Toolbar({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="vt-toolbar" role="group" aria-label={label}>
      {children}
    </div>
  );
}

export interface ProgressProps {
  label: string;
  value: number;
  max: number;
  /** What stands beside the bar; also what a screen reader says. */
  text: string;
}

export function Progress({ label, value, max, text }: ProgressProps) {
  return (
    <div class="vt-progress">
      <progress aria-label={label} aria-valuetext={text} value={value} max={Math.max(max, Number.MIN_VALUE)} />
      <span class="vt-progress-text">{text}</span>
    </div>
  );
}

/** A number with its name, large enough to be read while working. */
export function ReadOut(props: {
  label: string;
  value: string;
  title?: string | undefined;
  note?: string | undefined;
}) {
  const { label, value, title, note } = props;
  return (
    <div class="vt-readout" title={title}>
      <dt>{label}</dt>
      <dd>{value}</dd>
      {/* Beside the value: an interval, say. */}
      {note !== undefined && <dd class="vt-readout-note">{note}</dd>}
    </div>
  );
}
