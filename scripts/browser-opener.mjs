/**
 * Opens an address in the user's browser.
 * @module
 */
import { spawn } from "node:child_process";

/** @param {string} url @returns {readonly [string, readonly string[]]} */
function opener(url) {
  if (process.platform === "darwin") return ["open", [url]];
  // The empty argument is the window's title; without it `start` takes the address for one.
  if (process.platform === "win32") return ["cmd", ["/c", "start", '""', url.replaceAll("&", "^&")]];
  return ["xdg-open", [url]];
}

/**
 * @param {string} url
 * @returns {Promise<boolean>} whether there was something to open it with
 */
export function openBrowser(url) {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) {
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    const [command, args] = opener(url);
    const child = spawn(command, args, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
