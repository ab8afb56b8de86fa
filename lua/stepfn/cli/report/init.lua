---What `stepfn validate` writes: one module a format, each with
---`write(reports, streams)`.
local M = {}

---@class stepfn.cli.Report
---@field path string
---@field text? string the definition, when it is JSON or YAML
---@field stands_in? { path: string, line: integer, column: integer } the definition is no file, but a part of this one
---@field diagnostics stepfn.Diagnostic[]
---@field valid boolean
---@field is_judged? boolean there was a definition, although not as text
---@field unreadable? boolean nothing was checked

local formats = {
  text = "stepfn.cli.report.text",
  json = "stepfn.cli.report.json",
  github = "stepfn.cli.report.github",
}

M.names = { "text", "json", "github" }

---@param format "text"|"json"|"github"
---@param reports stepfn.cli.Report[]
---@param streams stepfn.cli.Streams
function M.write(format, reports, streams)
  require(formats[format]).write(reports, streams)
end

return M
