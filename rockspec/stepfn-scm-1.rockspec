rockspec_format = "3.0"
package = "stepfn"
version = "scm-1"
source = {
  url = "git+https://example.org/stepfn.git",
}
description = {
  summary = "Amazon States Language workflows inside Lua",
  detailed = [[
    Runs the definitions of AWS Step Functions inside a Lua program: a Task
    state calls a Lua function.  The engine is a deterministic state machine in
    C; time, tasks and event loops are driven from Lua.]],
  license = "MIT",
  labels = { "workflow", "aws", "state-machine" },
}
dependencies = {
  "lua >= 5.1, < 5.5",
  "argparse >= 0.7",
}
test_dependencies = {
  "busted >= 2.0",
}
external_dependencies = {
  CJSON = { header = "cjson/cJSON.h", library = "cjson" },
  PCRE2 = { header = "pcre2.h", library = "pcre2-8" },
  CRYPTO = { header = "openssl/evp.h", library = "crypto" },
}
build = {
  type = "builtin",
  -- Both lists are written by tools/rockspec.lua.
  modules = {
    ["stepfn.core"] = {
      incdirs = { "src", "$(CJSON_INCDIR)", "$(PCRE2_INCDIR)", "$(CRYPTO_INCDIR)" },
      libdirs = { "$(CJSON_LIBDIR)", "$(PCRE2_LIBDIR)", "$(CRYPTO_LIBDIR)" },
      libraries = { "cjson", "pcre2-8", "crypto", "m" },
      sources = {
        -- BEGIN sources
        "src/asl/check_flow.c",
        "src/asl/choice.c",
        "src/asl/diagnostic.c",
        "src/asl/fields.c",
        "src/asl/load.c",
        "src/asl/load_choice.c",
        "src/asl/load_fault.c",
        "src/asl/load_field.c",
        "src/asl/load_object.c",
        "src/asl/load_syntax.c",
        "src/asl/load_template.c",
        "src/asl/machine.c",
        "src/asl/resource.c",
        "src/asl/substitute.c",
        "src/base/alloc.c",
        "src/base/array.c",
        "src/base/buffer.c",
        "src/base/builder.c",
        "src/base/digest.c",
        "src/base/error.c",
        "src/base/hash.c",
        "src/base/json.c",
        "src/base/number.c",
        "src/base/object.c",
        "src/base/random.c",
        "src/base/scan.c",
        "src/base/string.c",
        "src/base/timestamp.c",
        "src/base/token.c",
        "src/base/utf8.c",
        "src/base/value.c",
        "src/binding/l_alloc.c",
        "src/binding/l_error.c",
        "src/binding/l_from_lua.c",
        "src/binding/l_host.c",
        "src/binding/l_scratch.c",
        "src/binding/l_to_lua.c",
        "src/binding/l_value.c",
        "src/binding/module.c",
        "src/query/expr.c",
        "src/query/expr_compile.c",
        "src/query/intrinsic.c",
        "src/query/intrinsic_array.c",
        "src/query/intrinsic_hash.c",
        "src/query/intrinsic_json.c",
        "src/query/intrinsic_math.c",
        "src/query/intrinsic_text.c",
        "src/query/intrinsic_unique.c",
        "src/query/template.c",
        "src/run/context.c",
        "src/run/execution.c",
        "src/run/failure.c",
        "src/run/finish.c",
        "src/run/frame.c",
        "src/run/group.c",
        "src/run/history.c",
        "src/run/outbox.c",
        "src/run/queue.c",
        "src/run/road.c",
        "src/run/state.c",
        "src/run/task.c",
        "src/run/timer.c",
        "src/run/token.c",
        "src/run/trace.c",
        "src/run/vocabulary.c",
        -- END sources
      },
    },
    -- BEGIN modules
    ["stepfn.cli.files"] = "lua/stepfn/cli/files.lua",
    ["stepfn.cli"] = "lua/stepfn/cli/init.lua",
    ["stepfn.cli.run"] = "lua/stepfn/cli/run.lua",
    ["stepfn.cli.terminal"] = "lua/stepfn/cli/terminal.lua",
    ["stepfn.cli.validate"] = "lua/stepfn/cli/validate.lua",
    ["stepfn"] = "lua/stepfn/init.lua",
    ["stepfn.meta.core"] = "lua/stepfn/meta/core.lua",
    ["stepfn.meta.step"] = "lua/stepfn/meta/step.lua",
    ["stepfn.step.camel"] = "lua/stepfn/step/camel.lua",
    ["stepfn.step.check"] = "lua/stepfn/step/check.lua",
    ["stepfn.step.definition"] = "lua/stepfn/step/definition.lua",
    ["stepfn.step.fields"] = "lua/stepfn/step/fields.lua",
    ["stepfn.step"] = "lua/stepfn/step/init.lua",
    ["stepfn.step.lambda"] = "lua/stepfn/step/lambda.lua",
    ["stepfn.step.machine"] = "lua/stepfn/step/machine.lua",
    ["stepfn.step.policy"] = "lua/stepfn/step/policy.lua",
    ["stepfn.step.rule"] = "lua/stepfn/step/rule.lua",
    ["stepfn.step.setters"] = "lua/stepfn/step/setters.lua",
    ["stepfn.step.state"] = "lua/stepfn/step/state.lua",
    ["stepfn.trace"] = "lua/stepfn/trace.lua",
    ["stepfn.value"] = "lua/stepfn/value.lua",
    -- END modules
  },
  install = {
    bin = { stepfn = "bin/stepfn" },
  },
}
