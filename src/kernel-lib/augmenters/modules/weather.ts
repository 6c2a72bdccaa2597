/** imgaug's module `weather`, whole. */
export { CloudLayer, Clouds, FastSnowyLandscape, Fog } from "../weather.js";
export { Rain, RainLayer, Snowflakes, SnowflakesLayer } from "../weather-flakes.js";
