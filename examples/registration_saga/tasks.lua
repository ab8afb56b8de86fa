---The functions behind the registration. The input says which service is out
---of order: { "user": "ada", "broken": "promotions" }, or "email".
local stepfn = require "stepfn"

local function register_with(service)
  return function(input, context)
    if input.broken == service then
      stepfn.fail("ServiceUnavailable", service .. " does not answer")
    end
    return { service = service, user = input.user, attempt = context.attempt }
  end
end

---Gets the three registrations as a list.
local function send_confirmation(input)
  if input.broken == "email" then
    stepfn.fail("MailServer.Busy", "no confirmation was sent")
  end
  return { to = input.user, registrations = #input.registrations }
end

---Gets the input with `error`, and undoes what may have been done.
local function roll_back(input)
  return { user = input.user, undone = { "directory", "products", "promotions" } }
end

return {
  RegisterInDirectory = register_with "directory",
  RegisterForProducts = register_with "products",
  RegisterForPromotions = register_with "promotions",
  SendConfirmation = send_confirmation,
  RollBack = roll_back,
}
