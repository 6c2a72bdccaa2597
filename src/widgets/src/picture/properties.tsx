/** What is known of a picture, as a list of names and values. Values are selectable text, never markup. */
export interface PropertiesProps {
  label: string;
  rows: readonly (readonly [name: string, value: string])[];
}

export function Properties({ label, rows }: PropertiesProps) {
  return (
    <dl class="vt-properties" aria-label={label}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
