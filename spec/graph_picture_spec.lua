-- Pictures as they are drawn: nothing covers anything else, nothing is cut, and
-- no name is taken for anything but a name.
package.path = "spec/support/?.lua;" .. package.path
local drawn = require "drawn"
local label = require "stepfn.graph.label"
local step = require "stepfn.step"
local svg = require "svg"

local has_dot = os.execute "command -v dot >/dev/null 2>&1"
local it_draws = (has_dot == true or has_dot == 0) and it or pending

local names = { "saga", "distributed", "nested", "choice", "sixty", "names" }

local function picture(name, with_path, format)
  local machine, execution, traces = drawn[name]()
  return assert(machine:graph(format or "svg", with_path and execution or nil, with_path and traces or nil))
end

describe("a picture drawn as SVG", function()
  for _, name in ipairs(names) do
    for _, with_path in ipairs { false, true } do
      it_draws(("has no overlaps: %s%s"):format(name, with_path and ", with its path" or ""), function()
        local text = picture(name, with_path)
        local nodes, clusters, labels = svg.boxes(text, "node"), svg.boxes(text, "cluster"), svg.boxes(text, "edge")
        assert.is_true(#nodes >= 8)
        assert.same({}, svg.overlaps(nodes))
        assert.same({}, svg.overlaps(clusters, true))
        assert.same({}, svg.overlaps(labels))
        assert.same({}, svg.cut_texts(text))
      end)

      it_draws(("covers no state with a label: %s%s"):format(name, with_path and ", with its path" or ""), function()
        local text = picture(name, with_path)
        local boxes = svg.boxes(text, "node")
        for _, box in ipairs(svg.boxes(text, "edge")) do
          boxes[#boxes + 1] = box
        end
        assert.same({}, svg.overlaps(boxes))
      end)
    end
  end

  it_draws("shows what a Choice asks, in lines", function()
    local text = svg.texts(picture("choice", false))
    assert.matches("$.order.customer.address.\ncountry = 'Country number 7'\nand $.order.total > 700\n", text, 1, true)
  end)

  it_draws("names what is far off, or where many errors lead, instead of drawing long lines", function()
    local text = picture("sixty", true)
    assert.matches("\n→ GiveUp\n", svg.texts(text), 1, true)
    assert.matches("<title>Step5 → GiveUp</title>", text, 1, true)
    local _, count = text:gsub(">→ GiveUp</text>", "")
    assert.equal(10, count) -- one of eleven is drawn out
  end)

  it_draws("takes two hundred states whose errors lead to one, and to one another", function()
    local states, failed = {}, step.new_fail_state "failed"
    for i = 1, 100 do
      states[i] = step.new_pass_state("before" .. i)
    end
    for i = 1, 99 do
      local task = step.new_task_state("task" .. i, "lua:x")
      task:with_catchers(step.new_task_catch(states[i * 7 % 100 + 1], "E"), step.new_task_catch(failed, step.StatesAll))
      states[i]:next(task):next(states[i + 1])
    end
    assert.matches("</svg>", (step.new_state_machine("Long", states[1]):graph "svg"), 1, true)
  end)

  it_draws("shows the path, what failed, and says so below", function()
    local text = picture("saga", true)
    assert.matches("Register\nParallel\ncaught: ServiceUnavailable\n", svg.texts(text), 1, true)
    assert.matches("RegisterForProducts\n2 retries, failed:\nServiceUnavailable\n", svg.texts(text), 1, true)
    assert.matches("■ visited", svg.texts(text), 1, true)
    assert.matches("□ not visited", svg.texts(text), 1, true)
  end)

  it_draws("tells the names of things to browsers and to those who do not see", function()
    local text = picture("saga", false)
    assert.matches("<title>RegisterInDirectory</title>", text, 1, true)
    assert.matches("<title>Register → RegisterInDirectory</title>", text, 1, true)
    assert.matches("<title>Register: Parallel</title>", text, 1, true)
    assert.matches("<title>branch 2</title>", text, 1, true)
  end)

  it_draws("has colours for a dark screen, one for each that it uses", function()
    local text = picture("distributed", true)
    for colour in text:gmatch '<[^>]- fill="(#%x+)"' do
      assert.matches('[fill="' .. colour .. '"]{fill:#', text, 1, true)
    end
    for colour in text:gmatch '<[^>]- stroke="(#%x+)"' do
      assert.matches('[stroke="' .. colour .. '"]{stroke:#', text, 1, true)
    end
  end)

  it_draws("shows every name as it is", function()
    local text = svg.texts(picture("names", false))
    assert.matches('say "hi" <b>bold</b> & &lt; done\n', text, 1, true)
    assert.matches("back\\slash \\N \\n\n", text, 1, true)
    assert.matches("#35;hash|pipe\n", text, 1, true)
    assert.matches("<script>alert(1)</script>\n", text, 1, true)
    assert.matches(" [31mred\n", text, 1, true)
    assert.matches("half way\n", text, 1, true)
  end)
end)

describe("hostile names in Mermaid", function()
  local text

  before_each(function()
    text = picture("names", false, "mermaid")
  end)

  it("are written as entities", function()
    assert.matches('["say #quot;hi#quot; #lt;b#gt;bold#lt;/b#gt; #amp; #amp;lt; done<br/>', text, 1, true)
    assert.matches('["#35;35;hash#124;pipe<br/>', text, 1, true)
    assert.matches('["#96;backtick#96; $x$ ', text, 1, true)
    assert.matches('["back#92;slash #92;N ', text, 1, true)
  end)

  it("begin no directive, no formula and no line", function()
    assert.is_nil(text:find("%%", 1, true))
    assert.is_nil(text:find("$$", 1, true))
    assert.is_nil(text:find("#92;n", 1, true))
  end)

  it("stand in quotes, behind names of our own", function()
    for line in text:gmatch "[^\n]+" do
      assert.is_truthy(line:match "^flowchart TD$" or line:match '^  [%w]+[%(%[]+"[^"]*"[%)%]]+$' or line:match "^  %w+ %-%-> %w+$")
    end
  end)
end)

describe("the branches of a Parallel in Mermaid", function()
  it("are kept in their order by links that are not seen, which count as links", function()
    local text = picture("nested", true, "mermaid")
    assert.matches("\n    direction LR\n", text, 1, true)
    assert.matches("\n  g1 ~~~ g%d\n  g%d ~~~ g%d\n", text)
    assert.matches("\n  linkStyle 0,", text, 1, true)
  end)
end)

describe("hostile names as text", function()
  it("stay in their line, and write no control characters", function()
    local text = picture("names", false, "text")
    local _, lines = text:gsub("\n", "")
    assert.equal(1 + #drawn.hostile, lines)
    assert.is_nil(text:gsub("\n", ""):find "%c")
    assert.is_nil(text:find("\194\155", 1, true))
  end)
end)

describe("a label", function()
  it("is broken between words", function()
    assert.same({ "one two", "three" }, label.wrap("one two three", 8, 3))
  end)

  it("is broken within a name that is too long", function()
    assert.same({ "Which", "Country", "Shall" }, label.wrap("WhichCountryShall", 8, 3))
    assert.same({ "$.order.", "total" }, label.wrap("$.order.total", 8, 3))
    assert.same({ "aaaaaaaa", "aa" }, label.wrap("aaaaaaaaaa", 8, 3))
  end)

  it("is cut after its last line", function()
    assert.same({ "one two", "three …" }, label.wrap("one two three four", 7, 2))
  end)

  it("gives wide characters twice the room", function()
    assert.same({ "支払い", "を確認" }, label.wrap("支払いを確認", 6, 3))
  end)
end)
