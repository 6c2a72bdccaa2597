"""jupyter_kernel_test for the vitrine kernel: every feature that the suite knows and a TypeScript kernel can have."""

import unittest
from unittest import mock

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel
from jupyter_kernel_test.msgspec_v5 import validate_message

# Seconds: for what must come, however slow the machine is.
PATIENCE = 100
jupyter_kernel_test.TIMEOUT = PATIENCE


class Patience:
    """Takes the suite's clock from it: it takes a tenth of a second without a message for the end of all messages."""

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_new_kernel(kernel_name=cls.kernel_name, startup_timeout=PATIENCE)

    def flush_channels(self):
        """Reads up to the answers to a question of its own, behind which there is nothing."""
        mark = self.kc.kernel_info()
        is_answer = lambda message: message["parent_header"].get("msg_id") == mark
        is_idle = lambda message: is_answer(message) and message["content"].get("execution_state") == "idle"
        for get, is_last in ((self.kc.get_iopub_msg, is_idle), (self.kc.get_shell_msg, is_answer)):
            message = None
            while message is None or not is_last(message):
                message = get(timeout=PATIENCE)
                validate_message(message)

    def execute_helper(self, code, timeout=PATIENCE, **options):
        get = self.kc.iopub_channel.get_msg
        with mock.patch.object(self.kc.iopub_channel, "get_msg", lambda timeout: get(timeout=PATIENCE)):
            return super().execute_helper(code, timeout=PATIENCE, **options)

    def history_helper(self, execute_first, timeout=PATIENCE, **histargs):
        return super().history_helper(execute_first, timeout=PATIENCE, **histargs)


class VitrineKernelTests(Patience, jupyter_kernel_test.KernelTests):
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
        self.kc.wait_for_ready(timeout=PATIENCE)
        self.flush_channels()
        reply, _ = self.execute_helper("forgotten")
        self.assertEqual(reply["content"]["status"], "error")
        self.assertIn("Cannot find name 'forgotten'", reply["content"]["evalue"])

    def test_interrupt(self):
        """Jupyter's own interrupt, in the mode that the kernelspec names."""
        self.flush_channels()
        msg_id = self.kc.execute('console.log("up"); await new Promise(() => {});')
        while True:
            message = self.kc.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == msg_id:
                break
        # Node loses a signal that comes just as a cell's synchronous part ends: a kernel that answers is past it.
        self.flush_channels()
        self.km.interrupt_kernel()
        reply = self.get_non_kernel_info_reply(timeout=PATIENCE)
        self.assertEqual(reply["parent_header"]["msg_id"], msg_id)
        self.assertEqual(reply["content"]["ename"], "Interrupted")

    def test_stdin(self):
        """A question goes out on stdin, the answer comes back into the cell."""
        self.flush_channels()
        msg_id = self.kc.execute('console.log("you said " + (await input("name? ")))', allow_stdin=True)
        question = self.kc.get_stdin_msg(timeout=PATIENCE)
        # Not by validate_message: the suite's schema wants a number for `password`, the protocol a boolean.
        self.assertEqual(question["msg_type"], "input_request")
        self.assertEqual(question["parent_header"]["msg_id"], msg_id)
        self.assertEqual(question["content"], {"prompt": "name? ", "password": False})
        self.kc.input("Ada")
        reply = self.get_non_kernel_info_reply(timeout=PATIENCE)
        self.assertEqual(reply["content"]["status"], "ok")
        texts = []
        while True:
            message = self.kc.get_iopub_msg(timeout=PATIENCE)
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
