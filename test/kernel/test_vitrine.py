"""jupyter_kernel_test for the vitrine kernel: every feature that the suite knows and a TypeScript kernel can have."""

import time
import unittest

import jupyter_kernel_test


class VitrineKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "vitrine"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'console.error("oops");'

    completion_samples = [
        {"text": "Math.PI", "matches": ["PI"]},
        {"text": "JSON.strin", "matches": ["stringify"]},
        {"text": "[1].findLastIn", "matches": ["findLastIndex"]},
    ]

    complete_code_samples = ["1", "const a = 1;", "function f(x: number) { return x; }", "await Promise.resolve(1)", "// nothing"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "const a = `two", "/* more", "if (true) {"]
    invalid_code_samples = ["const 1 = a;", "}", "let x: = 3", "a b c"]

    code_page_something = "console?"
    code_generate_error = 'throw new TypeError("as planned");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"text"', "result": "'text'"},
        {"code": "[1, 2].map((x) => x * 2)", "result": "[ 2, 4 ]"},
        {"code": '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b>" }) })', "mime": "text/html"},
        {"code": "await Promise.resolve(5)", "result": "5"},
        {"code": "6 * 8", "result": "48"},
        {"code": "6 * 9", "result": "54"},
    ]
    code_display_data = [
        {"code": 'import { display as show } from "tslab"; show.html("<i>x</i>");', "mime": "text/html"},
        {"code": 'import { newDisplay } from "tslab"; newDisplay().svg("<svg/>");', "mime": "image/svg+xml"},
    ]

    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = 'import { clearOutput } from "vitrine"; clearOutput();'

    def test_restart(self):
        """A restarted kernel answers on the same ports and has forgotten the variables."""
        self.flush_channels()
        reply, _ = self.execute_helper("const forgotten = 1;")
        self.assertEqual(reply["content"]["status"], "ok")
        self.km.restart_kernel(now=False)
        self.kc.wait_for_ready(timeout=60)
        self.flush_channels()
        reply, _ = self.execute_helper("forgotten", timeout=30)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertIn("Cannot find name 'forgotten'", reply["content"]["evalue"])

    def test_interrupt(self):
        """Jupyter's own interrupt, in the mode that the kernelspec names."""
        self.flush_channels()
        msg_id = self.kc.execute('console.log("up"); await new Promise(() => {});')
        while True:
            message = self.kc.get_iopub_msg(timeout=15)
            if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == msg_id:
                break
        time.sleep(0.3)
        self.km.interrupt_kernel()
        reply = self.get_non_kernel_info_reply(timeout=15)
        self.assertEqual(reply["parent_header"]["msg_id"], msg_id)
        self.assertEqual(reply["content"]["ename"], "Interrupted")

    def test_stdin(self):
        """A question goes out on stdin, the answer comes back into the cell."""
        self.flush_channels()
        msg_id = self.kc.execute('console.log("you said " + (await input("name? ")))', allow_stdin=True)
        question = self.kc.get_stdin_msg(timeout=15)
        # Not by validate_message: the suite's schema wants a number for `password`, the protocol a boolean.
        self.assertEqual(question["msg_type"], "input_request")
        self.assertEqual(question["parent_header"]["msg_id"], msg_id)
        self.assertEqual(question["content"], {"prompt": "name? ", "password": False})
        self.kc.input("Ada")
        reply = self.get_non_kernel_info_reply(timeout=15)
        self.assertEqual(reply["content"]["status"], "ok")
        texts = []
        while True:
            message = self.kc.get_iopub_msg(timeout=5)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "stream":
                texts.append(message["content"]["text"])
            if message["content"].get("execution_state") == "idle":
                break
        self.assertEqual("".join(texts), "you said Ada\n")


class VitrineIopubWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "vitrine"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
