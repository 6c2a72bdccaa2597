/** Noise, and what it is added to. Twins: rounded-noise, geometric-elastic and arithmetic. */

/**
 * Values of a table of 65,536 whole numbers by the numbers of sfc32, two for each; `draws` numbers are drawn, of which the first
 * `count` values are taken. `state` has its four words.
 */
export function drawFromTable(state: usize, table: usize, to: usize, count: i32, draws: i32): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let counter = load<u32>(state, 12);
  const taken = (count + 1) >> 1;
  for (let i = 0; i < draws; i++) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    if (i >= taken) continue;
    store<u16>(to + (usize(i) << 2), load<u16>(table + (usize(sum & 0xffff) << 1)));
    store<u16>(to + (usize(i) << 2), load<u16>(table + (usize(sum >>> 16) << 1)), 2);
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}

/** Noise from -1 to 1 by the numbers of sfc32. */
export function drawEven(state: usize, to: usize, count: i32): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let counter = load<u32>(state, 12);
  for (let i = 0; i < count; i++, to += 4) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    store<f32>(to, f32(i32(sum)) * f32(1.0 / 2147483648.0));
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}

/** Bytes plus 16-bit values, one each, clipped to 0 to 255. */
export function addEach(bytes: usize, values: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 16, bytes += 16, values += 32, to += 16) {
    const levels = v128.load(bytes);
    const low = i16x8.add(i16x8.extend_low_i8x16_u(levels), v128.load(values));
    const high = i16x8.add(i16x8.extend_high_i8x16_u(levels), v128.load(values, 16));
    v128.store(to, i8x16.narrow_i16x8_u(low, high));
  }
}

/** Pixels of three bytes plus one 16-bit value each, clipped to 0 to 255. */
export function addToPixels(bytes: usize, values: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, bytes += 3, values += 2, to += 3) {
    const level = i16x8.extend_low_i8x16_u(v128.load32_zero(bytes));
    const sum = i16x8.add(level, i16x8.splat(load<i16>(values)));
    store<u32>(to, u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(sum, sum), 0)));
  }
}
