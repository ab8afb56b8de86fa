---The functions behind the onboarding workflow. They stand for a mail service
---and a statistics service, and fail in three calls out of ten; the workflow's
---retriers deal with that.
local stepfn = require "stepfn"

local texts = {
  welcome = "Welcome! Here is how to begin.",
  tips = "Three things that others did first.",
  call = "Shall we show you around? Pick a time for a call.",
}

-- context:random() draws from the execution's seed: one seed, one story.
local function stumble(context, error_name)
  if context:random(1, 10) <= 3 then
    stepfn.fail(error_name, "try again later")
  end
end

---{ kind, user } -> the message that was sent
local function send_message(input, context)
  stumble(context, "MailServer.Busy")
  return { to = input.user, kind = input.kind, text = texts[input.kind], attempt = context.attempt }
end

---{ user } -> what the user did so far, mostly nothing
local function fetch_activity(_, context)
  stumble(context, "Statistics.Unavailable")
  return { count = math.max(0, context:random(1, 10) - 7) }
end

return {
  SendMessage = send_message,
  FetchActivity = fetch_activity,
}
