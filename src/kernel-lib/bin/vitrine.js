#!/usr/bin/env node
// npm links a command when it installs, before anything is compiled: so this file is there from the start, and executable.
"use strict";
require("../dist/cli/main.js");
