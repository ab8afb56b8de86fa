-- What goes wrong in Sparta's package and does not here.
local step = require "stepfn.step"

local function json(start, options)
  return step.new_state_machine("M", start, options):to_json()
end

local function has(text, part)
  assert.truthy(text:find(part, 1, true), text)
end

describe("a program in the manner of Sparta", function()
  local recover, done = step.new_pass_state "recover", step.new_success_state "done"
  local kinds = {
    Task = function() return step.new_task_state("s", "lua:x") end,
    Map = function() return step.new_map_state("s", step.new_pass_state "each") end,
    Parallel = function() return step.new_parallel_state("s", step.new_pass_state "branch") end,
  }

  for kind, new in pairs(kinds) do
    it("keeps the retriers of a " .. kind .. ", with seconds as seconds", function()
      has(json(new():with_retriers(step.retry { errors = "E", interval = 3 * step.Second })),
        '"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":3}]')
    end)

    it("writes the catchers of a " .. kind .. " with names, and the states that only they lead to", function()
      local text = json(new():with_catchers(step.new_task_catch(recover, "E")))
      has(text, '"Catch":[{"ErrorEquals":["E"],"Next":"recover"}]')
      has(text, '"recover":{"Type":"Pass","End":true}')
    end)
  end

  it("keeps the resource of a generic task", function()
    has(json(step.NewTaskState("s", "arn:aws:states:::aws-sdk:s3:copyObject", {})), '"Resource":"arn:aws:states:::aws-sdk:s3:copyObject"')
  end)

  it("keeps the pattern of an SDK task, without brackets", function()
    local state = step.NewAWSSDKIntegrationState("s", "s3", "headObject", "waitForTaskToken", { ["Key.$"] = "$$.Task.Token" })
    has(json(state), '"Resource":"arn:aws:states:::aws-sdk:s3:headObject.waitForTaskToken"')
  end)

  it("asks for a kind with a boolean, and compares with any number", function()
    local choice = step.new_choice_state("c", step.IsNull { Variable = "$.a", Value = true, Next = done },
      step.NumericLessThan { Variable = "$.b", Value = 0.5, Next = done })
    has(json(choice), '"IsNull":true')
    has(json(choice), '"NumericLessThan":0.5')
  end)

  it("chooses by a bare comparison", function()
    has(json(step.new_choice_state("c", step.NumericGreaterThan { Variable = "$.a", Value = 3, Next = done })),
      '"Choices":[{"Variable":"$.a","NumericGreaterThan":3,"Next":"done"}]')
  end)

  it("lets a choice stand wherever a state may", function()
    local function choice(name)
      return step.new_choice_state(name, step.IsNull { Variable = "$.a", Next = done }):with_default(done)
    end
    local first = choice("first"):with_input_path("$.in"):with_output_path("$.out"):with_default(choice "second")
    assert.equal("EXPRESS", step.NewExpressStateMachine("M", nil, first).type)
    local task = step.new_task_state("s", "lua:x"):with_catchers(step.new_task_catch(choice "third", "E"))
    has(json(task), '"Next":"third"')
    has(json(first), '"InputPath":"$.in"')
    has(json(first), '"Default":"second"')
  end)

  it("keeps the state in a chain of its methods, and goes forwards with next", function()
    local task = step.new_task_state("s", "lua:x")
    assert.equal(task, task:with_comment("c"):with_timeout(9):with_input_path("$"):with_result_path("$.r"):with_output_path("$"))
    for _, state in ipairs { task, kinds.Map(), kinds.Parallel(), step.new_pass_state "p", step.new_wait_delay_state("w", 1) } do
      assert.equal(done, state:next(done))
    end
  end)

  it("has functions in branches of Maps in branches", function()
    local deep = step.new_task_state("deep", function(n) return n + 1 end)
    local map = step.new_map_state("map", step.new_parallel_state("inner", deep))
    local machine = step.new_state_machine("M", step.new_parallel_state("outer", map))
    assert.same({ { { 2 }, { 3 } } }, machine:run({ 1, 2 }).output)
  end)

  it("limits how many items of a Map run at once", function()
    has(json(kinds.Map():WithMaxConcurrency(3)), '"MaxConcurrency":3')
  end)

  it("ends at Succeed, which leads nowhere", function()
    assert.is_nil(done.next)
    assert.is_nil(done.Next)
    assert.equal('{"StartAt":"done","States":{"done":{"Type":"Succeed"}}}', json(done))
  end)

  it("writes no Error and no Cause that a Fail state was not given", function()
    assert.equal('{"StartAt":"f","States":{"f":{"Type":"Fail"}}}', json(step.new_fail_state "f"))
  end)

  it("gives services what they take, and nothing else", function()
    local item = { TableName = "t", Item = { id = { S = "1" } } }
    assert.is_nil(json(step.new_dynamodb_put_item_state("s", item)):find("null", 1, true))
    item.ConsistentRead = true
    assert.error_matches(function() step.new_dynamodb_put_item_state("s", item) end, "unknown field 'ConsistentRead'")
    local call = step.new_api_gateway_task_state("s", { ApiEndpoint = "e", Method = "POST", RequestBody = { a = 1 } })
    has(json(call), '"RequestBody":{"a":1}')
  end)

  it("selects results, waits as paths say, and says how retries wait", function()
    local task = kinds.Task():with_result_selector({ ["a.$"] = "$.b" }):with_timeout_path("$.t"):with_heartbeat_path("$.h")
      :with_retriers(step.retry { errors = "E", max_delay = 9, jitter = "FULL" })
      :with_catchers(step.new_task_catch(recover, "E", { result_path = "$.e", assign = { a = 1 } }))
    local text = json(task)
    for _, part in ipairs { '"ResultSelector":{"a.$":"$.b"}', '"TimeoutSecondsPath":"$.t"', '"HeartbeatSecondsPath":"$.h"',
      '"MaxDelaySeconds":9', '"JitterStrategy":"FULL"', '"ResultPath":"$.e"', '"Assign":{"a":1}' } do
      has(text, part)
    end
  end)

  it("says what a machine of today says", function()
    has(json(done, { version = "1.0", timeout = 9, query_language = "JSONata" }), '"Version":"1.0","QueryLanguage":"JSONata"')
    has(json(kinds.Map()), '"ItemProcessor":{')
  end)
end)
